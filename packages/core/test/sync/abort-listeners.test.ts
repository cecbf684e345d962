import { AsyncEvent, Semaphore } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { statesOf, track } from "./track.ts";

const stop = new Error("stop");

describe("LI-2 a listener of somebody else's on the signal, older than the library's, runs first", () => {
  it("LI-2 what it releases isn't handed to a waiter whose signal is aborted", async () => {
    const semaphore = new Semaphore(1);
    const permit = semaphore.tryAcquire();
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => permit?.release());
    const waits = [track(semaphore.acquire(controller.signal)), track(semaphore.acquire(null))];
    controller.abort(stop);
    expect(await statesOf(waits)).toEqual(["rejected", "fulfilled"]);
  });

  it("LI-2 a wait that begins in it rejects, also if it could be met at once", async () => {
    const event = new AsyncEvent();
    const controller = new AbortController();
    const waits: ReturnType<typeof track>[] = [];
    controller.signal.addEventListener("abort", () => {
      event.set();
      waits.push(track(event.wait(controller.signal)));
    });
    waits.push(track(event.wait(controller.signal)));
    controller.abort(stop);
    expect(await statesOf(waits)).toEqual(["rejected", "rejected"]);
  });
});
