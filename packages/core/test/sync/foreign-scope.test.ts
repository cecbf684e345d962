import { AsyncQueue, Semaphore } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { take } from "./held.ts";
import { statesOf, track } from "./track.ts";

vi.resetModules();
const there = await import("@cohort/core");

const stop = new Error("stop");

describe("DX-8 waits for a scope of another copy of the library", () => {
  it("DX-8 it counts by its signal", async () => {
    const { adapter } = virtualRuntime();
    const taskGroup = there.bindTaskGroup(there.defineRuntime(adapter));
    const controller = new AbortController();
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const queue = new AsyncQueue<number>();
    const outcome = await errorOf(
      taskGroup({ signal: controller.signal }, async (group) => {
        const waits = [track(semaphore.acquire(group)), track(queue.get(group)), track(semaphore.acquire(null))];
        controller.abort(stop);
        permit.release();
        queue.tryPut(1);
        expect(await statesOf(waits)).toEqual(["rejected", "rejected", "fulfilled"]);
        expect([waits[0]?.error, waits[1]?.error, queue.size]).toEqual([stop, stop, 1]);
        return semaphore.acquire(group);
      }),
    );
    expect(outcome).toBe(stop);
  });
});
