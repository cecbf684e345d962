import { Barrier, BrokenBarrierError, type Scope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { statesOf, track, turn } from "./track.ts";

const stop = new Error("stop");

/** Some who come to a barrier. */
function come(barrier: Barrier, count: number, scope: Scope | AbortSignal | null = null) {
  return Array.from({ length: count }, () => track(barrier.wait(scope)));
}

describe("Barrier", () => {
  it.each([0, -1, 1.5, NaN])("SY %d parties are a RangeError (test_locks barrier_parties)", (parties) => {
    expect(() => new Barrier(parties)).toThrow(RangeError);
  });

  it("SY what is no number is a TypeError (test_locks barrier)", () => {
    expect(() => new Barrier(undefined as never)).toThrow(TypeError);
    expect(() => new Barrier("2" as never)).toThrow(TypeError);
  });

  it("SY one party never waits (test_locks filling_one_task filling_one_task_twice)", async () => {
    const barrier = new Barrier(1);
    expect([await barrier.wait(null), await barrier.wait(null)]).toEqual([0, 0]);
    expect([barrier.waiting, barrier.broken, barrier.parties]).toEqual([0, false, 1]);
  });

  it("SY nobody gets through before all have come (test_locks filling_task_by_task)", async () => {
    const barrier = new Barrier(3);
    const waits = come(barrier, 1);
    expect([await statesOf(waits), barrier.waiting]).toEqual([["waiting"], 1]);
    waits.push(...come(barrier, 1));
    expect([await statesOf(waits), barrier.waiting]).toEqual([["waiting", "waiting"], 2]);
    waits.push(...come(barrier, 1));
    expect(barrier.waiting).toBe(0);
    expect(await statesOf(waits)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(barrier.broken).toBe(false);
  });

  it("SY each of those who get through together has an index of its own (test_locks filling_tasks_check_return_value)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const barrier = new Barrier(5);
    const rounds = await run(() =>
      taskGroup(async (group) =>
        Promise.all(
          Array.from({ length: 5 }, () =>
            group.createTask(async (task) => [await barrier.wait(task), await barrier.wait(task)]),
          ),
        ),
      ),
    );
    for (const round of [0, 1]) {
      const indexes = rounds.map((row) => row[round] as number);
      expect(indexes.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    }
    expect([barrier.waiting, barrier.broken]).toEqual([0, false]);
  });

  it("SY it can be passed again and again, nobody getting ahead by a round (test_locks filling_tasks_wait_twice)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const barrier = new Barrier(3);
    const passed = [0, 0, 0];
    await run(() =>
      taskGroup((group) => {
        for (const n of [0, 1, 2]) {
          group.createTask(async (task) => {
            for (let round = 0; round < 5; round++) {
              await task.sleep(n * 3);
              await barrier.wait(task);
              passed[n] = round + 1;
              expect(Math.max(...passed) - Math.min(...passed)).toBeLessThanOrEqual(1);
            }
          });
        }
      }),
    );
    expect(passed).toEqual([5, 5, 5]);
  });

  it("SY whoever comes while those of the last round go on belongs to the next one (test_locks blocking_tasks_while_draining)", async () => {
    const barrier = new Barrier(3);
    const first = come(barrier, 3);
    // Nobody of the first round has run yet.
    const second = come(barrier, 2);
    expect(barrier.waiting).toBe(2);
    expect(await statesOf([...first, ...second])).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "waiting",
      "waiting",
    ]);
    second.push(...come(barrier, 1));
    expect(await statesOf(second)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect([...first, ...second].map(({ value }) => value)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it("LI-2 who is cancelled merely leaves: the others wait for one more (test_locks filling_tasks_cancel_one)", async () => {
    const barrier = new Barrier(3);
    const controller = new AbortController();
    const [gone] = come(barrier, 1, controller.signal);
    const stay = come(barrier, 1);
    await turn();
    expect(barrier.waiting).toBe(2);
    controller.abort(stop);
    expect([barrier.waiting, barrier.broken]).toEqual([1, false]);
    expect([await statesOf([gone as never]), gone?.error]).toEqual([["rejected"], stop]);
    stay.push(...come(barrier, 1));
    expect(await statesOf(stay)).toEqual(["waiting", "waiting"]);
    stay.push(...come(barrier, 1));
    expect(await statesOf(stay)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(stay.map(({ value }) => value)).toEqual([0, 1, 2]);
  });

  it("LI-2 whoever is cancelled but not told yet doesn't count", async () => {
    const { run, taskGroup } = virtualRuntime();
    const barrier = new Barrier(2);
    const other = track(new Promise<number>(() => {}));
    let last = other;
    let late: unknown;
    await run(() =>
      taskGroup(async (group) => {
        // Called first: it was created first.
        group.createTask((task) => {
          task.onCancel(() => (last = track(barrier.wait(null))));
          return errorOf(task.sleep(1000));
        });
        group.createTask(async (task) => {
          late = await errorOf(barrier.wait(task));
          expect(late).toBe(task.reason);
        });
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect(late).toHaveProperty("code", "COHORT_CANCELLED");
    expect([await statesOf([last]), barrier.waiting]).toEqual([["waiting"], 1]);
    expect(await barrier.wait(null)).toBe(1);
    expect(await last.promise).toBe(0);
  });

  it("LI-2 released before the cancellation it is through", async () => {
    const barrier = new Barrier(2);
    const controller = new AbortController();
    const wait = barrier.wait(controller.signal);
    const last = barrier.wait(null);
    controller.abort(stop);
    expect([await wait, await last]).toEqual([0, 1]);
  });

  it("SY reset with nobody there changes nothing (test_locks reset_barrier)", async () => {
    const barrier = new Barrier(2);
    barrier.reset();
    expect([barrier.waiting, barrier.broken]).toEqual([0, false]);
    expect(await Promise.all([barrier.wait(null), barrier.wait(null)])).toEqual([0, 1]);
  });

  it("SY reset sends those who wait away, and the barrier isn't broken (test_locks reset_barrier_while_tasks_waiting)", async () => {
    const barrier = new Barrier(5);
    const waits = come(barrier, 4);
    barrier.reset();
    expect([barrier.waiting, barrier.broken]).toEqual([0, false]);
    expect(await statesOf(waits)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
    for (const { error } of waits) expect(error).toBeInstanceOf(BrokenBarrierError);
  });

  it("SY those who were sent away can wait again (test_locks reset_barrier_while_tasks_waiting_and_waiting_again)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const barrier = new Barrier(3);
    const outcomes = await run(() =>
      taskGroup(async (group) => {
        const again = [1, 2].map(() =>
          group.createTask(async (task) => {
            expect(await errorOf(barrier.wait(task))).toBeInstanceOf(BrokenBarrierError);
            return barrier.wait(task);
          }),
        );
        await group.sleep(1);
        barrier.reset();
        const last = group.createTask((task) => barrier.wait(task));
        return Promise.all([...again, last]);
      }),
    );
    expect(outcomes.sort((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(barrier.broken).toBe(false);
  });

  it("SY a reset after the release catches nobody of the round (test_locks reset_barrier_while_tasks_draining)", async () => {
    const barrier = new Barrier(3);
    const round = come(barrier, 3);
    barrier.reset();
    expect(await statesOf(round)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(await statesOf(come(barrier, 3))).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });

  it("SY abort breaks it until reset (test_locks abort_barrier)", async () => {
    const barrier = new Barrier(1);
    barrier.abort();
    expect(barrier.broken).toBe(true);
    expect(await errorOf(barrier.wait(null))).toBeInstanceOf(BrokenBarrierError);
    expect(await errorOf(barrier.wait(null))).toBeInstanceOf(BrokenBarrierError);
    barrier.reset();
    expect([barrier.broken, await barrier.wait(null)]).toEqual([false, 0]);
  });

  it("SY abort sends those who wait away; who got through before is through (test_locks abort_barrier_when_tasks_half_draining_half_blocking)", async () => {
    const barrier = new Barrier(3);
    const through = come(barrier, 3);
    const waits = come(barrier, 2);
    barrier.abort();
    expect(await statesOf([...through, ...waits])).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    expect([barrier.waiting, barrier.broken]).toEqual([0, true]);
  });

  it("SY one that fails aborts it for all, and a reset mends it (test_locks abort_barrier_when_exception abort_barrier_when_exception_then_resetting)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const first = new Barrier(4);
    const second = new Barrier(4);
    const results: string[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let n = 0; n < 4; n++) {
          group.createTask(async (task) => {
            if ((await first.wait(task)) === 2) first.abort();
            else results.push(String(((await errorOf(first.wait(task))) as Error).name));
            if ((await second.wait(task)) === 2) first.reset();
            await second.wait(task);
            await first.wait(task);
            results.push("through");
          });
        }
      }),
    );
    expect(results).toEqual([...Array(3).fill("BrokenBarrierError"), ...Array(4).fill("through")]);
    expect([first.broken, first.waiting]).toEqual([false, 0]);
  });

  it("LI-2 a cancelled scope gets its reason, also from a broken barrier and also as the last to come", async () => {
    const barrier = new Barrier(2);
    const other = track(barrier.wait(null));
    expect(await errorOf(barrier.wait(AbortSignal.abort(stop)))).toBe(stop);
    expect(await statesOf([other])).toEqual(["waiting"]);
    barrier.abort();
    expect(await outcomeOf(barrier.wait(AbortSignal.abort(stop)))).toEqual({ error: stop });
  });
});
