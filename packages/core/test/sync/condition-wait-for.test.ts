import { Condition, InvalidStateError, Mutex } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { lockNow } from "./held.ts";
import { statesOf, track } from "./track.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** Notifies as one must. */
function notify(condition: Condition, n?: number): void {
  const permit = lockNow(condition.mutex);
  condition.notify(n);
  permit.release();
}

describe("Condition.waitFor", () => {
  it("SY it waits until the predicate is true (test_locks wait_for)", async () => {
    const condition = new Condition();
    let isReady = false;
    const permit = lockNow(condition.mutex);
    const wait = track(condition.waitFor(() => isReady, null));
    notify(condition);
    expect(await statesOf([wait])).toEqual(["waiting"]);
    isReady = true;
    expect(await statesOf([wait])).toEqual(["waiting"]);
    notify(condition);
    expect(await statesOf([wait])).toEqual(["fulfilled"]);
    expect(condition.mutex.locked).toBe(true);
    permit.release();
  });

  it("SY true at once it needs no lock; otherwise it does (test_locks wait_for_unacquired)", async () => {
    const condition = new Condition();
    expect(await condition.waitFor(() => true, null)).toBeUndefined();
    expect(await errorOf(condition.waitFor(() => false, null))).toBeInstanceOf(InvalidStateError);
  });

  it("LI-2 a cancelled scope rejects, also if the predicate is true, and it isn't asked", async () => {
    const condition = new Condition();
    let asked = 0;
    expect(await errorOf(condition.waitFor(() => ++asked > 0, AbortSignal.abort(stop)))).toBe(stop);
    expect(asked).toBe(0);
  });

  it("SY what the predicate throws comes out, with the mutex locked", async () => {
    const condition = new Condition();
    const permit = lockNow(condition.mutex);
    let calls = 0;
    const wait = condition.waitFor(() => {
      if (++calls === 2) throw boom;
      return false;
    }, null);
    notify(condition);
    expect(await errorOf(wait)).toBe(boom);
    expect(condition.mutex.locked).toBe(true);
    permit.release();
  });

  it("LC-1 a predicate that is no function rejects", async () => {
    const condition = new Condition();
    expect(await errorOf(condition.waitFor(true as never, null))).toBeInstanceOf(TypeError);
  });

  it("SY a timeout ends it, with the mutex locked (test_locks timeout_in_block)", async () => {
    const { run, failAfter } = virtualRuntime();
    const condition = new Condition();
    const permit = lockNow(condition.mutex);
    const error = await errorOf(run(() => failAfter(500, (scope) => condition.waitFor(() => false, scope))));
    expect([(error as Error).name, condition.mutex.locked]).toEqual(["TimeoutError", true]);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY a bounded buffer of two conditions hands every item over once, in order", async () => {
    const { run, taskGroup } = virtualRuntime();
    const mutex = new Mutex();
    const [notFull, notEmpty] = [new Condition(mutex), new Condition(mutex)];
    const buffer: number[] = [];
    const got: number[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let producer = 0; producer < 3; producer++) {
          group.createTask(async (task) => {
            for (let n = 0; n < 20; n++) {
              using _permit = await mutex.lock(task);
              await notFull.waitFor(() => buffer.length < 2, task);
              buffer.push(producer * 100 + n);
              notEmpty.notify();
            }
          });
          group.createTask(async (task) => {
            for (let n = 0; n < 20; n++) {
              using _permit = await mutex.lock(task);
              await notEmpty.waitFor(() => buffer.length > 0, task);
              got.push(buffer.shift() as number);
              notFull.notify();
            }
          });
        }
      }),
    );
    expect([got.length, new Set(got).size, buffer.length, mutex.locked]).toEqual([60, 60, 0, false]);
    for (const producer of [0, 1, 2]) {
      const own = got.filter((item) => Math.floor(item / 100) === producer);
      expect(own).toEqual(Array.from({ length: 20 }, (_, n) => producer * 100 + n));
    }
  });
});
