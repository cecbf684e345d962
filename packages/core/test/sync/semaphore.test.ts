import { Semaphore, type TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { take } from "./held.ts";
import { statesOf, track, turn } from "./track.ts";

const stop = new Error("stop");

describe("Semaphore", () => {
  it("SY a Semaphore of no permits lets nobody in (test_locks initial_value_zero)", async () => {
    const semaphore = new Semaphore(0);
    expect([semaphore.tryAcquire(), semaphore.available]).toEqual([undefined, 0]);
    expect(await statesOf([track(semaphore.acquire(null))])).toEqual(["waiting"]);
  });

  it.each([-1, 1.5, NaN, -Infinity])("SY %d permits are a RangeError (test_locks semaphore_value)", (permits) => {
    expect(() => new Semaphore(permits)).toThrow(RangeError);
  });

  it.each([undefined, null, "1", 1n, {}])("SY %o permits are a TypeError", (permits) => {
    expect(() => new Semaphore(permits as number)).toThrow(TypeError);
  });

  it("SY acquire takes a permit, release gives it back (test_locks semaphore)", async () => {
    const semaphore = new Semaphore(1);
    const permit = await semaphore.acquire(null);
    expect([semaphore.available, semaphore.tryAcquire()]).toEqual([0, undefined]);
    permit.release();
    expect(semaphore.available).toBe(1);
    expect(semaphore.tryAcquire()).toBeDefined();
  });

  it("SY with permits free nobody waits (test_locks release_no_waiters)", async () => {
    const semaphore = new Semaphore(2);
    const permits = await Promise.all([semaphore.acquire(null), semaphore.acquire(null)]);
    expect([semaphore.available, semaphore.waiting]).toEqual([0, 0]);
    for (const { release } of permits) release();
    expect([semaphore.available, semaphore.waiting]).toEqual([2, 0]);
  });

  it("SY each release lets one in, in the order of their coming (test_locks semaphore acquire)", async () => {
    const semaphore = new Semaphore(2);
    const held = [take(semaphore), take(semaphore)];
    const waits = [1, 2, 3].map(() => track(semaphore.acquire(null)));
    expect([await statesOf(waits), semaphore.waiting]).toEqual([["waiting", "waiting", "waiting"], 3]);
    held[0]?.release();
    expect(await statesOf(waits)).toEqual(["fulfilled", "waiting", "waiting"]);
    waits[0]?.value?.release();
    held[1]?.release();
    expect(await statesOf(waits)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    for (const { value } of waits) value?.release();
    expect([semaphore.available, semaphore.waiting]).toEqual([2, 0]);
  });

  it("SY with Infinity everybody comes in", async () => {
    const semaphore = new Semaphore(Infinity);
    const permits = await Promise.all(Array.from({ length: 100 }, () => semaphore.acquire(null)));
    for (const { release } of permits) release();
    expect([semaphore.available, semaphore.waiting]).toEqual([Infinity, 0]);
  });

  it("SY bounded by construction: a permit is given back once (test_locks semaphore release_not_acquired)", async () => {
    const semaphore = new Semaphore(2);
    const [first, second] = [take(semaphore), take(semaphore)];
    first.release();
    first.release();
    expect(semaphore.available).toBe(1);
    second.release();
    first.release();
    expect(semaphore.available).toBe(2);
    const third = take(semaphore);
    take(semaphore);
    const next = track(semaphore.acquire(null));
    first.release();
    expect(await statesOf([next])).toEqual(["waiting"]);
    third.release();
    expect(await statesOf([next])).toEqual(["fulfilled"]);
  });

  it("SY a permit is disposable, and works destructured (test_locks semaphore context_manager)", async () => {
    const semaphore = new Semaphore(1);
    {
      using _permit = await semaphore.acquire(null);
      expect(semaphore.available).toBe(0);
    }
    expect(semaphore.available).toBe(1);
    const { release, [Symbol.dispose]: dispose } = take(semaphore);
    release();
    dispose.call(undefined as never);
    expect(semaphore.available).toBe(1);
  });

  it("LI-2 who comes again goes to the end of the queue (test_locks acquire_fifo_order)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const order: string[] = [];
    const twice = (name: string) => async (task: TaskScope) => {
      for (const round of [1, 2]) {
        using _permit = await semaphore.acquire(task);
        order.push(`${name} ${round}`);
        await task.sleep(10);
      }
    };
    await run(() =>
      taskGroup((group) => {
        for (const name of ["a", "b", "c"]) group.createTask(twice(name));
      }),
    );
    expect(order).toEqual(["a 1", "b 1", "c 1", "a 2", "b 2", "c 2"]);
  });

  it("LI-2 who releases and acquires at once doesn't get in before those who wait (test_locks acquire_fifo_order_2)", async () => {
    const semaphore = new Semaphore(1);
    const order: number[] = [];
    const mine = take(semaphore);
    const second = semaphore.acquire(null).then((permit) => (order.push(2), permit.release()));
    mine.release();
    const again = semaphore.acquire(null).then((permit) => (order.push(3), permit.release()));
    expect(semaphore.tryAcquire()).toBeUndefined();
    await Promise.all([second, again]);
    expect([order, semaphore.available]).toEqual([[2, 3], 1]);
  });

  it("LI-2 the first being cancelled, two releases let the two behind it in (test_locks acquire_fifo_order_3)", async () => {
    const semaphore = new Semaphore(2);
    const held = [take(semaphore), take(semaphore)];
    const controller = new AbortController();
    const waits = [controller.signal, null, null].map((scope) => track(semaphore.acquire(scope)));
    await turn();
    controller.abort(stop);
    for (const { release } of held) release();
    expect(await statesOf(waits)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect([waits[0]?.error, semaphore.available, semaphore.waiting]).toEqual([stop, 0, 0]);
  });

  it("LI-2 releases in one turn wake as many in order, and a newcomer comes last (test_locks acquire_fifo_order_4)", async () => {
    const semaphore = new Semaphore(3);
    const held = [take(semaphore), take(semaphore), take(semaphore)];
    const order: number[] = [];
    const waits = [1, 2, 3].map((n) => semaphore.acquire(null).then((permit) => (order.push(n), permit)));
    for (const { release } of held) release();
    const newcomer = semaphore.acquire(null).then(() => order.push(4));
    expect([semaphore.available, semaphore.waiting]).toEqual([0, 1]);
    for (const { release } of await Promise.all(waits)) release();
    await newcomer;
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("LI-2 a release hands the permit straight over: it is never free, and tryAcquire can't steal it", async () => {
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const wait = track(semaphore.acquire(null));
    permit.release();
    expect([semaphore.available, semaphore.waiting, semaphore.tryAcquire()]).toEqual([0, 0, undefined]);
    expect(await statesOf([wait])).toEqual(["fulfilled"]);
  });

  it("LI-2 a cancelled waiter is gone at once (test_locks semaphore acquire_cancel)", async () => {
    const semaphore = new Semaphore(1);
    take(semaphore);
    const controller = new AbortController();
    const wait = semaphore.acquire(controller.signal);
    expect(semaphore.waiting).toBe(1);
    controller.abort(stop);
    expect(semaphore.waiting).toBe(0);
    expect(await errorOf(wait)).toBe(stop);
  });

  it("LI-2 waiters cancelled before the hand-over are skipped (test_locks acquire_cancel_before_awoken)", async () => {
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [signal, signal, null, null].map((scope) => track(semaphore.acquire(scope)));
    await turn();
    controller.abort(stop);
    permit.release();
    expect(await statesOf(waits)).toEqual(["rejected", "rejected", "fulfilled", "waiting"]);
  });

  it("LI-2 the one behind a cancelled waiter gets the permit (test_locks acquire_hang)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const first = group.createTask((task) => semaphore.acquire(task));
        const second = group.createTask((task) => semaphore.acquire(task));
        await group.sleep(1);
        first.cancel();
        permit.release();
        expect(semaphore.tryAcquire()).toBeUndefined();
        await second;
      }),
    );
    expect([semaphore.available, semaphore.waiting]).toEqual([0, 0]);
  });

  it("LI-2 cancelled after the hand-over it is delivered, and given back by who holds it (test_locks acquire_no_hang)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const seen: string[] = [];
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const late = group.createTask(async (task) => {
          using _permit = await semaphore.acquire(task);
          seen.push("delivered");
          await task.sleep(1);
          seen.push("not reached");
        });
        await group.sleep(1);
        permit.release();
        late.cancel();
        expect(await errorOf(late)).toHaveProperty("code", "COHORT_CANCELLED");
      }),
    );
    expect(seen).toEqual(["delivered"]);
    (await semaphore.acquire(null)).release();
    expect(semaphore.available).toBe(1);
  });

  it("LI-2 `using` in many members: never more than n at once, and all get in", async () => {
    const { run, taskGroup } = virtualRuntime();
    const semaphore = new Semaphore(3);
    let [inside, most, done] = [0, 0, 0];
    await run(() =>
      taskGroup((group) => {
        for (let n = 0; n < 100; n++) {
          group.createTask(async (task) => {
            using _permit = await semaphore.acquire(task);
            most = Math.max(most, ++inside);
            await task.sleep(n % 5);
            inside--;
            done++;
          });
        }
      }),
    );
    expect([most, inside, done, semaphore.available]).toEqual([3, 0, 100, 3]);
  });

  it("DX-1 a report says that somebody waits for a permit", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    let seen: unknown;
    await run(() =>
      taskGroup(async (group) => {
        group.createTask((task) => semaphore.acquire(task));
        await group.sleep(1);
        seen = inspectTasks()[0]?.children[0]?.waitsFor;
        permit.release();
      }),
    );
    expect(seen).toEqual(["a permit of a Semaphore"]);
  });
});
