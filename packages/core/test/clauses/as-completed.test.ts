import { ExceptionGroup, KeyboardInterrupt, type Settled, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, broken, failuresOf, done, short, rest } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-4 asCompleted gives how each ended, in the order of their ends", () => {
  it("CO-4 (test_as_completed) successes and failures alike, each with its task's info", async () => {
    const { run, asCompleted, now, reports, inspectTasks, timers } = virtualRuntime();
    const ids: number[] = [];
    const id = (task: TaskScope) => ids.push(task.id);
    const seen = await run(async () => {
      const all: unknown[] = [];
      const fns = [
        (task: TaskScope) => (id(task), task.sleep(20).then(() => "slow")),
        (task: TaskScope) => (id(task), task.sleep(10).then(() => Promise.reject(boom))),
        (task: TaskScope) => (id(task), "at once"),
      ];
      for await (const settled of asCompleted(fns, { name: "g" })) all.push([settled, now()]);
      return all;
    });
    expect(seen).toEqual([
      [{ status: "fulfilled", value: "at once", task: { id: ids[2], name: "2", path: ["g", "2"] } }, 0],
      [{ status: "rejected", reason: boom, task: { id: ids[1], name: "1", path: ["g", "1"] } }, 10],
      [{ status: "fulfilled", value: "slow", task: { id: ids[0], name: "0", path: ["g", "0"] } }, 20],
    ]);
    expect([reports, inspectTasks(), timers()]).toEqual([[], [], 0]);
  });

  it("CO-4 a failure cancels nobody, and one that was given is reported by that", async () => {
    const { run, asCompleted, reports } = virtualRuntime();
    const all = await run(() => rest(asCompleted([failing(1, undefined), after(10, "fine"), failing(20, boom)])));
    expect(all).toEqual([
      ["0", undefined],
      ["1", "fine"],
      ["2", boom],
    ]);
    expect(reports).toEqual([]);
  });

  it("CO-4 what ends in one turn comes in the order of its ends", async () => {
    const { run, asCompleted } = virtualRuntime();
    const all = await run(() => rest(asCompleted([async () => 1, () => Promise.reject(2), async () => 3])));
    expect(all).toEqual([
      ["0", 1],
      ["1", 2],
      ["2", 3],
    ]);
  });

  it("CO-4 a slow consumer loses nothing, and the members don't wait for it", async () => {
    const { run, asCompleted, sleep, now } = virtualRuntime();
    const ends: number[] = [];
    const fns = [10, 20, 30].map((ms) => (task: TaskScope) => task.sleep(ms).then(() => ends.push(now())));
    const seen = await run(async () => {
      const all: unknown[] = [];
      for await (const { task } of asCompleted(fns)) {
        await sleep(100);
        all.push(task.name);
      }
      return all;
    });
    expect([seen, ends, now()]).toEqual([["0", "1", "2"], [10, 20, 30], 310]);
  });

  it("CO-4 an empty list gives nothing", async () => {
    const { run, asCompleted, inspectTasks } = virtualRuntime();
    expect(await run(() => rest(asCompleted([])))).toEqual([]);
    expect(inspectTasks()).toEqual([]);
  });

  it("CO-4 `limit` bounds how many run at once (LI-1)", async () => {
    const { run, asCompleted, now } = virtualRuntime();
    const all = await run(() => rest(asCompleted([after(30, "a"), after(10, "b"), after(10, "c")], { limit: 2 })));
    expect([all, now()]).toEqual([
      [
        ["1", "b"],
        ["2", "c"],
        ["0", "a"],
      ],
      30,
    ]);
  });

  it("CO-4 is lazy: nothing starts before the first next(), and an iterator that is never used is nothing", async () => {
    const { run, asCompleted, settle, inspectTasks } = virtualRuntime();
    const fn = vi.fn();
    const iterator = asCompleted([fn]);
    await settle();
    expect([fn.mock.calls, inspectTasks()]).toEqual([[], []]);
    await run(() => iterator.next());
    expect(fn).toHaveBeenCalledOnce();
  });

  it("CO-4 return() before the first next() ends it, and nothing ever starts", async () => {
    const { run, asCompleted, inspectTasks } = virtualRuntime();
    const fn = vi.fn();
    const ends = await run(async () => {
      const iterator = asCompleted([fn]);
      return [await iterator.return?.(), await iterator.next()];
    });
    expect([ends, fn.mock.calls, inspectTasks()]).toEqual([[done, done], [], []]);
  });

  it("CO-4 (test_as_completed_concurrent) concurrent next() calls are served in order, and those that are too many are done", async () => {
    const { run, asCompleted } = virtualRuntime();
    const steps = await run(() => {
      const iterator = asCompleted([after(20, "slow"), after(10, "quick")]);
      return Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    });
    expect(steps.map((step) => (step.done ? "done" : short(step.value)))).toEqual([
      ["1", "quick"],
      ["0", "slow"],
      "done",
      "done",
    ]);
  });

  it("CO-4 (test_as_completed_resume_iterator) it is its own iterator, and resumable", async () => {
    const { run, asCompleted } = virtualRuntime();
    const all = await run(async () => {
      const iterator = asCompleted([after(1, "a"), after(2, "b"), after(3, "c")]);
      const first = (await iterator.next()).value as Settled<string>;
      expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
      return [short(first), ...(await rest(iterator))];
    });
    expect(all).toEqual([
      ["0", "a"],
      ["1", "b"],
      ["2", "c"],
    ]);
  });
});

describe("CO-4 leaving early cancels and drains the rest", () => {
  it("CO-4 break waits for the drain", async () => {
    const { run, asCompleted, sleep, now, inspectTasks, timers, reports } = virtualRuntime();
    const order: string[] = [];
    await run(async () => {
      for await (const _ of asCompleted([
        after(10, "first"),
        (task) => linger(task.sleep(1000), () => sleep(5).then(() => order.push("drained"))),
      ])) {
        break;
      }
      order.push("out");
    });
    expect([order, now()]).toEqual([["drained", "out"], 15]);
    expect([inspectTasks(), timers(), reports]).toEqual([[], 0, []]);
  });

  it("CO-4 those whose turn hasn't come don't run", async () => {
    const { run, asCompleted } = virtualRuntime();
    const fn = vi.fn();
    await run(async () => {
      for await (const _ of asCompleted([after(10, 1), after(1000, 2), fn], { limit: 1 })) break;
    });
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-4 failures that were never given come out of the break as a group, and are reported too", async () => {
    const { run, asCompleted, reports, sleep } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        for await (const _ of asCompleted([() => 1, failing(1, boom), broken(stop)], { name: "g" })) {
          await sleep(10);
          break;
        }
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(failuresOf(error)).toEqual([
      [boom, "1"],
      [stop, "2"],
    ]);
    expect(reports).toEqual([{ error, tasks: [expect.objectContaining({ name: "g" })] }]);
  });

  it("CO-4 a loop body's own error hides them, so that the report is all there is of them", async () => {
    const { run, asCompleted, reports, sleep } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        for await (const _ of asCompleted([() => 1, failing(1, boom)])) {
          await sleep(10);
          throw stop;
        }
      }),
    );
    expect(error).toBe(stop);
    expect(reports.map((report) => failuresOf(report.error))).toEqual([[[boom, "1"]]]);
  });

  it("CO-4 failures that were given are nobody's any more", async () => {
    const { run, asCompleted, reports } = virtualRuntime();
    await run(async () => {
      for await (const { status } of asCompleted([failing(1, boom), after(1000, 1)])) {
        expect(status).toBe("rejected");
        break;
      }
    });
    expect(reports).toEqual([]);
  });

  it("CO-4 return() acts at once in spite of a pending next(), which is done", async () => {
    const { run, asCompleted, now } = virtualRuntime();
    const steps = await run(() => {
      const iterator = asCompleted([after(1000, 1)]);
      return Promise.all([iterator.next(), iterator.return?.(), iterator.next()]);
    });
    expect([steps, now()]).toEqual([[done, done, done], 0]);
  });

  it("CO-4 a second return() waits for the drain as well, and has nothing to reject with", async () => {
    const { run, asCompleted, sleep, now } = virtualRuntime();
    const outcomes = await run(async () => {
      const iterator = asCompleted([() => 1, (task) => linger(task.sleep(1000), () => sleep(5)), broken(boom)]);
      await iterator.next();
      await sleep(1);
      const first = outcomeOf(iterator.return?.() as Promise<unknown>);
      const second = outcomeOf(iterator.return?.() as Promise<unknown>).then((outcome) => [outcome, now()]);
      return [await first, await second, await outcomeOf(iterator.return?.() as Promise<unknown>)];
    });
    expect(outcomes).toEqual([{ error: expect.any(ExceptionGroup) }, [{ value: done }, 6], { value: done }]);
  });

  it("CO-4 throw() drains, reports, and rejects with what it was given", async () => {
    const { run, asCompleted, now, sleep, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        const iterator = asCompleted([() => 1, (task) => linger(task.sleep(1000), () => sleep(5)), broken(boom)]);
        await iterator.next();
        await iterator.throw?.(stop);
      }),
    );
    expect([error, now()]).toEqual([stop, 5]);
    expect(reports.map((report) => failuresOf(report.error))).toEqual([[[boom, "2"]]]);
  });

  it("CO-4 after return() it is done for ever", async () => {
    const { run, asCompleted } = virtualRuntime();
    const steps = await run(async () => {
      const iterator = asCompleted([() => 1, () => 2]);
      await iterator.next();
      await iterator.return?.();
      return [await iterator.next(), await iterator.next(), await rest(iterator)];
    });
    expect(steps).toEqual([done, done, []]);
  });

  it("CO-4 break in the turn in which a member fails", async () => {
    const { run, asCompleted, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        const late = gate<never>();
        for await (const _ of asCompleted([() => 1, () => late.promise])) {
          late.fail(boom);
          break;
        }
      }),
    );
    expect(failuresOf(error)).toEqual([[boom, "1"]]);
    expect(reports.length).toBe(1);
  });

  it("CO-4 a KeyboardInterrupt in the drain comes out of the break bare, and is reported", async () => {
    const { run, asCompleted, reports } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    const error = await errorOf(
      run(async () => {
        for await (const _ of asCompleted([after(1, 1), broken(interrupt)])) break;
      }),
    );
    expect([error, reports.map((report) => report.error)]).toEqual([interrupt, [interrupt]]);
  });

  it("CO-4 raises no unhandled rejection, whoever fails when", async () => {
    const { run, asCompleted, sleep } = virtualRuntime();
    const seen = await unhandledDuring(async () => {
      await errorOf(
        run(async () => {
          for await (const _ of asCompleted([() => Promise.reject(1), failing(1, 2), broken(3)])) {
            await sleep(5);
            break;
          }
        }),
      );
    });
    expect(seen).toEqual([]);
  });
});
