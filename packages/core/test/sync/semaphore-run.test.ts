import { Semaphore, type TaskGroup } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { gate } from "../clauses/gate.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { take } from "./held.ts";
import { statesOf, track, turn } from "./track.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("Semaphore.run", () => {
  it("LI-2 gives what the function gives, with at most n of them running", async () => {
    const semaphore = new Semaphore(2);
    let [running, most] = [0, 0];
    const work = async (n: number): Promise<number> => {
      most = Math.max(most, ++running);
      await turn();
      running--;
      return n * 2;
    };
    const results = await Promise.all([1, 2, 3, 4, 5].map((n) => semaphore.run(null, () => work(n))));
    expect([results, most, semaphore.available]).toEqual([[2, 4, 6, 8, 10], 2, 2]);
    expect(await semaphore.run(null, () => 7)).toBe(7);
  });

  it.each<[string, () => never | Promise<never>]>([
    [
      "throws",
      () => {
        throw boom;
      },
    ],
    ["rejects", () => Promise.reject(boom)],
  ])("LI-2 a function that %s gives its permit back, and its own error comes out", async (_how, fn) => {
    const semaphore = new Semaphore(1);
    expect(await errorOf(semaphore.run(null, fn))).toBe(boom);
    expect(semaphore.available).toBe(1);
  });

  it("LI-2 rejects with a falsy value as with any other, and gives the permit back", async () => {
    const semaphore = new Semaphore(1);
    expect(await errorOf(semaphore.run(null, () => Promise.reject(undefined)))).toBeUndefined();
    expect(semaphore.available).toBe(1);
  });

  it("CA-11 the permit is given back when the function has really ended, not when its scope is cancelled", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const order: string[] = [];
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const stubborn = group.createTask((task) =>
          semaphore.run(task, async () => {
            await sleep(50);
            order.push(`ended at ${now()}`);
          }),
        );
        group.createTask((task) => semaphore.run(task, () => void order.push(`next at ${now()}`)));
        await group.sleep(5);
        stubborn.cancel();
      }),
    );
    expect(order).toEqual(["ended at 50", "next at 50"]);
  });

  it("LI-2 cancelled after the hand-over and before it began, the function is not called, and the permit goes on", async () => {
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const controller = new AbortController();
    const fn = vi.fn();
    const running = semaphore.run(controller.signal, fn);
    const next = track(semaphore.acquire(null));
    await turn();
    permit.release();
    controller.abort(stop);
    expect(await errorOf(running)).toBe(stop);
    expect([fn.mock.calls.length, await statesOf([next])]).toEqual([0, ["fulfilled"]]);
  });

  it("LI-2 a cancelled scope doesn't call the function", async () => {
    const semaphore = new Semaphore(1);
    const fn = vi.fn();
    expect(await errorOf(semaphore.run(AbortSignal.abort(stop), fn))).toBe(stop);
    expect([fn.mock.calls.length, semaphore.available]).toEqual([0, 1]);
  });

  it("LC-1 what is no function rejects, and takes no permit", async () => {
    const semaphore = new Semaphore(1);
    const running = semaphore.run(null, undefined as never);
    expect(semaphore.available).toBe(1);
    expect(await errorOf(running)).toBeInstanceOf(TypeError);
  });

  it("DX-5 what the function throws after a wait has the frames of who called run", async () => {
    const semaphore = new Semaphore(1);
    const held = gate();
    const first = semaphore.run(null, () => held.promise);
    async function callerOfRun(): Promise<void> {
      await semaphore.run(null, async () => {
        await turn();
        throw new Error("deep");
      });
    }
    const call = errorOf(callerOfRun());
    held.open();
    await first;
    expect(((await call) as Error).stack).toContain("callerOfRun");
  });

  it("LI-2 members of a group that fails while they wait never begin", async () => {
    const { run, taskGroup } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const fn = vi.fn();
    const start = (group: TaskGroup) => {
      group.createTask((task) => semaphore.run(task, () => task.sleep(10)));
      for (let n = 0; n < 10; n++) group.createTask((task) => semaphore.run(task, fn));
      group.createTask(({ sleep }) => sleep(5).then(() => Promise.reject(boom)));
    };
    expect(((await errorOf(run(() => taskGroup(start)))) as AggregateError).errors).toEqual([boom]);
    expect([fn.mock.calls.length, semaphore.available, semaphore.waiting]).toEqual([0, 1, 0]);
  });
});
