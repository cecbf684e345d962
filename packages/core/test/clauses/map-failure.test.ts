import { CancelledError, ExceptionGroup, KeyboardInterrupt, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { done, failuresOf } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** What a mapper of this name does: takes so many ms, then fails or gives its item. */
interface Work {
  readonly ms: number;
  readonly fails?: boolean;
  readonly error?: unknown;
  readonly when?: "always" | "cancelled";
}

const value = (ms: number): Work => ({ ms });
const failure = (ms: number, error?: { readonly thrown: unknown }): Work => ({
  ms,
  fails: true,
  error: error === undefined ? boom : error.thrown,
});
/** Fails when it is cancelled. */
const late = (error: unknown): Work => ({ ms: 1e6, fails: true, error, when: "cancelled" });

async function work({ ms, fails = false, error, when }: Work, { sleep }: TaskScope, index: number): Promise<number> {
  try {
    await sleep(ms);
  } catch (cancellation) {
    if (when === "cancelled") throw error;
    throw cancellation;
  }
  if (fails) throw error;
  return index;
}

describe("LI-3 a mapper that fails", () => {
  it("LI-3 cancels the rest at once; next() rejects after the drain, once, then it is done", async () => {
    const { run, map, sleep, now, inspectTasks, timers, reports } = virtualRuntime();
    const outcomes = await run(async () => {
      const results = map([5, 10, 1000], async (ms, task) => {
        if (ms === 10) throw await sleep(10).then(() => boom);
        return await linger(task.sleep(ms), () => sleep(3)).then(() => ms);
      });
      const all = [await outcomeOf(results.next())];
      all.push(await outcomeOf(results.next()));
      const at = now();
      return [...all, at, await outcomeOf(results.next()), await outcomeOf(results.next())];
    });
    expect(outcomes).toEqual([
      { value: { value: 5, done: false } },
      { error: expect.any(ExceptionGroup) },
      13,
      { value: done },
      { value: done },
    ]);
    expect(failuresOf((outcomes[1] as { error: unknown }).error)).toEqual([[boom, "1"]]);
    expect([inspectTasks(), timers(), reports]).toEqual([[], 0, []]);
  });

  it.each([undefined, null, 0, ""])("LI-3 (ER-3) with %s has failed as well", async (thrown) => {
    const { run, map } = virtualRuntime();
    const error = await errorOf(run(() => map([value(1), failure(2, { thrown })], work).toArray()));
    expect(failuresOf(error)).toEqual([[thrown, "1"]]);
  });

  it("LI-3 before its first wait, or by a throw of a function that isn't async, too", async () => {
    const { run, map } = virtualRuntime();
    const mapper = (n: number) => {
      if (n === 2) throw boom;
      return n;
    };
    expect(failuresOf(await errorOf(run(() => map([1, 2, 3], mapper).toArray())))).toEqual([[boom, "1"]]);
  });

  it("LI-3 pulls nothing more, and what hasn't begun never does", async () => {
    const { run, map } = virtualRuntime();
    const items = [value(5), failure(1), value(5), value(5)];
    const mapper = vi.fn(work);
    const results = map(items, mapper, { limit: 2 });
    await errorOf(run(() => results.toArray()));
    expect(mapper.mock.calls.map(([, , index]) => index)).toEqual([0, 1]);
  });

  it("LI-3 what was finished before is still given: without an order all of it", async () => {
    const { run, map, sleep } = virtualRuntime();
    const seen = await run(async () => {
      const results = map([value(100), value(2), value(1), failure(10)], work, { ordered: false });
      const all = [(await results.next()).value];
      await sleep(50);
      all.push((await results.next()).value);
      return [...all, await errorOf(results.next())];
    });
    expect(seen).toEqual([2, 1, expect.any(ExceptionGroup)]);
  });

  it("LI-3 what was finished before is still given: of an ordered map those before the first that is missing", async () => {
    const { run, map, sleep } = virtualRuntime();
    const items = [value(1), value(2), value(100), value(3), failure(10)];
    const seen = await run(async () => {
      const results = map(items, work);
      const all = [(await results.next()).value];
      await sleep(50);
      all.push((await results.next()).value);
      return [...all, await errorOf(results.next())];
    });
    expect(seen).toEqual([0, 1, expect.any(ExceptionGroup)]);
  });

  it.each([true, false])(
    "LI-3 what is finished in spite of the cancellation isn't given (ordered: %s)",
    async (ordered) => {
      const { run, map, sleep } = virtualRuntime();
      const mapper = ({ ms }: Work, task: TaskScope) =>
        ms === 10 ? sleep(10).then(() => Promise.reject(boom)) : task.sleep(ms).catch(() => "late");
      const outcomes = await run(async () => {
        const results = map([value(1), value(100), value(10)], mapper, { ordered });
        return [await outcomeOf(results.next()), await outcomeOf(results.next())];
      });
      expect(outcomes).toEqual([{ value: { value: undefined, done: false } }, { error: expect.any(ExceptionGroup) }]);
    },
  );

  it("LI-3 failures of the drain are in the group, in the order in which they came", async () => {
    const { run, map } = virtualRuntime();
    const error = await errorOf(run(() => map([late("b"), failure(1, { thrown: "a" }), late("c")], work).toArray()));
    expect(failuresOf(error)).toEqual([
      ["a", "1"],
      ["b", "0"],
      ["c", "2"],
    ]);
  });

  it("LI-3 the siblings are told who failed (CA-3)", async () => {
    const { run, map } = virtualRuntime();
    let reason: unknown;
    const mapper = (ms: number, { sleep, onCancel }: TaskScope) => {
      onCancel((why) => (reason = why));
      return ms === 1 ? Promise.reject(boom) : sleep(ms);
    };
    await errorOf(run(() => map([1000, 1], mapper, { taskName: (ms) => `wait ${ms}` }).toArray()));
    expect(reason).toBeInstanceOf(CancelledError);
    expect((reason as Error).message).toMatch(/^task "wait 1" failed in TaskGroup/);
  });

  it("LI-3 concurrent next() calls: the first is told, the others are done", async () => {
    const { run, map } = virtualRuntime();
    const outcomes = await run(() => {
      const results = map([value(1), failure(2)], work);
      return Promise.all([outcomeOf(results.next()), outcomeOf(results.next()), outcomeOf(results.next())]);
    });
    expect(outcomes).toEqual([
      { value: { value: 0, done: false } },
      { error: expect.any(ExceptionGroup) },
      { value: done },
    ]);
  });

  it("LI-3 (ER-5) a KeyboardInterrupt comes out bare", async () => {
    const { run, map } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    expect(await errorOf(run(() => map([value(1000), failure(1, { thrown: interrupt })], work).toArray()))).toBe(
      interrupt,
    );
  });

  it("LI-3 raises no unhandled rejection, in a loop, in toArray(), and where nobody asks for more", async () => {
    const { run, map, taskGroup } = virtualRuntime();
    const items = [value(1), failure(2), failure(2), late(3)];
    const seen = await unhandledDuring(async () => {
      await errorOf(run(() => map(items, work).toArray()));
      await run(() =>
        taskGroup(async (group) => {
          await group.map(items, work).next();
          await group.sleep(10);
        }),
      );
    });
    expect(seen).toEqual([]);
  });
});

describe("LI-3 leaving a map", () => {
  it("LI-3 break cancels and drains the mappers", async () => {
    const { run, map, sleep, now, inspectTasks, timers, reports } = virtualRuntime();
    const order: string[] = [];
    const mapper = async (ms: number, task: TaskScope) => {
      await linger(task.sleep(ms), async () => {
        if (ms > 10) await sleep(5).then(() => order.push("drained"));
      });
    };
    await run(async () => {
      for await (const _ of map([10, 1000], mapper)) break;
      order.push("out");
    });
    expect([order, now()]).toEqual([["drained", "out"], 15]);
    expect([inspectTasks(), timers(), reports]).toEqual([[], 0, []]);
  });

  it("LI-3 return() acts at once in spite of a pending next(), which is done", async () => {
    const { run, map, now } = virtualRuntime();
    const steps = await run(async () => {
      const results = map([value(1000)], work);
      const pending = results.next();
      await Promise.resolve().then(() => {});
      return Promise.all([pending, results.return?.(), results.next()]);
    });
    expect([steps, now()]).toEqual([[done, done, done], 0]);
  });

  it("LI-3 return() in the very turn of the first next() starts nobody", async () => {
    const { run, map, inspectTasks, addInstrument } = virtualRuntime();
    const mapper = vi.fn();
    const closed = vi.fn();
    addInstrument({ onGroupClose: closed });
    const steps = await run(() => {
      const results = map([1], mapper);
      return Promise.all([results.next(), results.return?.()]);
    });
    expect([steps, mapper.mock.calls, inspectTasks()]).toEqual([[done, done], [], []]);
    expect(closed).toHaveBeenCalledOnce();
  });

  it("LI-3 return() before the first next() does nothing, and it is done", async () => {
    const { run, map } = virtualRuntime();
    const mapper = vi.fn();
    const steps = await run(async () => {
      const results = map([1], mapper);
      return [await results.return?.(), await results.next()];
    });
    expect([steps, mapper.mock.calls]).toEqual([[done, done], []]);
  });

  it("LI-3 return() while toArray() waits ends it with the cancellation: a part must not pass for the whole", async () => {
    const { run, map } = virtualRuntime();
    const outcome = await run(async () => {
      const results = map([value(1), value(1000)], work);
      const all = outcomeOf(results.toArray());
      await Promise.resolve().then(() => {});
      await results.return?.();
      return all;
    });
    expect(outcome).toEqual({ error: expect.any(CancelledError) });
  });

  it("LI-3 a failure that nobody was given comes out of the break as a group, and is reported too", async () => {
    const { run, map, sleep, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        for await (const _ of map([value(1), failure(2), value(1000)], work)) {
          await sleep(10);
          break;
        }
      }),
    );
    expect(failuresOf(error)).toEqual([[boom, "1"]]);
    expect(reports.map((report) => report.error)).toEqual([error]);
  });

  it("LI-3 failures of the drain as well", async () => {
    const { run, map, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        for await (const _ of map([value(1), late(boom)], work)) break;
      }),
    );
    expect(failuresOf(error)).toEqual([[boom, "1"]]);
    expect(reports.map((report) => report.error)).toEqual([error]);
  });

  it("LI-3 a loop body's own error hides them, so that the report is all there is of them", async () => {
    const { run, map, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        for await (const _ of map([value(1), late(boom)], work)) throw stop;
      }),
    );
    expect([error, reports.map((report) => failuresOf(report.error))]).toEqual([stop, [[[boom, "1"]]]]);
  });

  it("LI-3 throw() drains, reports, and rejects with what it was given", async () => {
    const { run, map, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        const results = map([value(1), late(boom)], work);
        await results.next();
        await results.throw?.(stop);
      }),
    );
    expect([error, reports.map((report) => failuresOf(report.error))]).toEqual([stop, [[[boom, "1"]]]]);
  });

  it("LI-3 break in the turn in which a mapper fails, before and after", async () => {
    for (const order of ["fail, break", "break, fail"]) {
      const { run, map, reports } = virtualRuntime();
      const error = await errorOf(
        run(async () => {
          const second = gate<number>();
          const results = map([1, 2], (n) => (n === 1 ? n : second.promise));
          await results.next();
          if (order === "fail, break") second.fail(boom);
          const left = results.return?.();
          if (order === "break, fail") second.fail(boom);
          await left;
        }),
      );
      expect([order, failuresOf(error), reports.length]).toEqual([order, [[boom, "1"]], 1]);
    }
  });

  it("LI-3 break in the turn of the last result loses nothing and is done", async () => {
    const { run, map, reports } = virtualRuntime();
    const seen: number[] = [];
    await run(async () => {
      for await (const n of map([1, 2], async (item) => item)) {
        seen.push(n);
        if (n === 2) break;
      }
    });
    expect([seen, reports]).toEqual([[1, 2], []]);
  });
});
