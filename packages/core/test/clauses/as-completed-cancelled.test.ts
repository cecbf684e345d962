import { AbandonedError, type ExceptionGroup, KeyboardInterrupt, TimeoutError, type Settled } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, broken, failuresOf, done, short, rest } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-4 an iteration that is cancelled", () => {
  it("CO-4 from outside: next() rejects with the reason after the drain, once, then it is done", async () => {
    const { run, asCompleted, sleep, now, inspectTasks, timers, reports } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const outcomes = await run(async () => {
      void sleep(10).then(() => abort(stop));
      const iterator = asCompleted([after(1, "a"), (task) => linger(task.sleep(1000), () => sleep(5))], { signal });
      await iterator.next();
      const steps = [await outcomeOf(iterator.next()), now(), await outcomeOf(iterator.next())];
      return [...steps, await outcomeOf(iterator.return?.() as Promise<unknown>)];
    });
    expect(outcomes).toEqual([{ error: stop }, 15, { value: done }, { value: done }]);
    expect([listening(), inspectTasks(), timers(), reports]).toEqual([0, [], 0, []]);
  });

  it("CO-4 from outside: concurrent next() calls, the first is told, the others are done", async () => {
    const { run, asCompleted, sleep } = virtualRuntime();
    const controller = new AbortController();
    const outcomes = await run(() => {
      void sleep(10).then(() => controller.abort(stop));
      const iterator = asCompleted([after(1000, "a")], { signal: controller.signal });
      return Promise.all([outcomeOf(iterator.next()), outcomeOf(iterator.next())]);
    });
    expect(outcomes).toEqual([{ error: stop }, { value: done }]);
  });

  it("CO-4 from outside: what had ended and wasn't taken is dropped (CA-1)", async () => {
    const { run, asCompleted, sleep } = virtualRuntime();
    const controller = new AbortController();
    const outcome = await run(async () => {
      const iterator = asCompleted([() => 1, () => 2, after(1000, 3)], { signal: controller.signal });
      await iterator.next();
      await sleep(10);
      controller.abort(stop);
      return outcomeOf(iterator.next());
    });
    expect(outcome).toEqual({ error: stop });
  });

  it("CO-4 from outside: failures that weren't given win, the reason is their cause (OUT-2)", async () => {
    const { run, asCompleted, sleep, reports } = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      run(async () => {
        const iterator = asCompleted([() => 1, failing(1, "waiting"), broken("in the drain")], {
          signal: controller.signal,
        });
        await iterator.next();
        await sleep(10);
        controller.abort(stop);
        await iterator.next();
      }),
    );
    expect(failuresOf(error)).toEqual([
      ["waiting", "1"],
      ["in the drain", "2"],
    ]);
    expect([(error as Error).cause, reports]).toEqual([stop, []]);
  });

  it("CO-4 from outside in the turn of the last end: it came before the group was over, so it counts (OUT-3)", async () => {
    const { run, asCompleted } = virtualRuntime();
    const controller = new AbortController();
    const outcomes = await run(async () => {
      const last = gate<number>();
      const iterator = asCompleted([() => 1, () => last.promise], { signal: controller.signal });
      await iterator.next();
      last.open(2);
      controller.abort(stop);
      return [await outcomeOf(iterator.next()), await outcomeOf(iterator.next())];
    });
    expect(outcomes).toEqual([{ error: stop }, { value: done }]);
  });

  it("CO-4 from outside after the last end: nothing is lost", async () => {
    const { run, asCompleted, sleep } = virtualRuntime();
    const controller = new AbortController();
    const all = await run(async () => {
      const iterator = asCompleted([() => 1, () => 2], { signal: controller.signal });
      const first = (await iterator.next()).value as Settled<number>;
      await sleep(1);
      controller.abort(stop);
      return [short(first), ...(await rest(iterator))];
    });
    expect(all).toEqual([
      ["0", 1],
      ["1", 2],
    ]);
  });

  it("CO-4 a signal that is aborted already: the reason, and nobody starts", async () => {
    const { run, asCompleted, inspectTasks } = virtualRuntime();
    const fn = vi.fn();
    const outcomes = await run(async () => {
      const iterator = asCompleted([fn], { signal: AbortSignal.abort(undefined) });
      return [await outcomeOf(iterator.next()), await outcomeOf(iterator.next())];
    });
    expect(outcomes).toEqual([{ error: expect.any(DOMException) }, { value: done }]);
    expect([fn.mock.calls, inspectTasks()]).toEqual([[], []]);
  });

  it("CO-4 a signal that is aborted between the call and the first next() counts", async () => {
    const { run, asCompleted } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const fn = vi.fn();
    const iterator = asCompleted([fn], { signal });
    expect(listening()).toBe(0);
    abort(stop);
    expect(await run(() => outcomeOf(iterator.next()))).toEqual({ error: stop });
    expect([fn.mock.calls, listening()]).toEqual([[], 0]);
  });

  it("CO-4 (CA-9) its signal has no listener before the first next(), and then one for all who wait on it", async () => {
    const { run, asCompleted, taskGroup } = virtualRuntime();
    const { signal, listening } = watchedSignal();
    const iterator = asCompleted([after(10, 1)], { signal });
    const counts = await run(() =>
      taskGroup(async (group) => {
        const before = listening();
        return await group.taskGroup({ signal }, async ({ sleep }) => {
          const next = iterator.next();
          await sleep(1);
          const during = listening();
          await next;
          return [before, during];
        });
      }),
    );
    expect([counts, listening()]).toEqual([[0, 1], 0]);
  });

  it("CO-4 (test_as_completed_with_timeout) by its deadline: what had ended before is given first, then a TimeoutError, once", async () => {
    const { run, asCompleted, sleep, now, timers } = virtualRuntime();
    const outcomes = await run(async () => {
      const iterator = asCompleted([() => 1, failing(5, boom), after(1000, 3)], { timeout: 10 });
      const seen: unknown[] = [short((await iterator.next()).value as Settled<number>)];
      await sleep(50);
      seen.push(short((await iterator.next()).value as Settled<number>));
      return [...seen, await outcomeOf(iterator.next()), await outcomeOf(iterator.next())];
    });
    expect(outcomes).toEqual([["0", 1], ["1", boom], { error: expect.any(TimeoutError) }, { value: done }]);
    expect([now(), timers()]).toEqual([50, 0]);
  });

  it("CO-4 by its deadline: a failure in the drain wins, the TimeoutError is its cause (ER-4)", async () => {
    const { run, asCompleted } = virtualRuntime();
    const error = await errorOf(run(() => rest(asCompleted([failing(1, "given"), broken(boom)], { timeout: 10 }))));
    expect(failuresOf(error)).toEqual([[boom, "1"]]);
    expect((error as Error).cause).toBeInstanceOf(TimeoutError);
  });

  it("CO-4 a deadline of 0 starts nobody", async () => {
    const { run, asCompleted } = virtualRuntime();
    const fn = vi.fn();
    expect(await errorOf(run(() => rest(asCompleted([fn], { timeout: 0 }))))).toBeInstanceOf(TimeoutError);
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-4 the deadline of a consumer that is slow to take what has ended changes nothing", async () => {
    const { run, asCompleted, sleep } = virtualRuntime();
    const all = await run(async () => {
      const seen: unknown[] = [];
      for await (const settled of asCompleted([() => 1, () => Promise.reject(boom), () => 3], { timeout: 10 })) {
        seen.push(short(settled));
        await sleep(50);
      }
      return seen;
    });
    expect(all).toEqual([
      ["0", 1],
      ["1", boom],
      ["2", 3],
    ]);
  });

  it("CO-4 return() after a deadline that nobody was told of is done", async () => {
    const { run, asCompleted, sleep, reports } = virtualRuntime();
    const step = await run(async () => {
      const iterator = asCompleted([() => 1, after(1000, 2)], { timeout: 10 });
      await iterator.next();
      await sleep(50);
      return iterator.return?.();
    });
    expect([step, reports]).toEqual([done, []]);
  });

  it("CO-4 a KeyboardInterrupt of a member cancels the rest; what had ended is given, then it comes out bare", async () => {
    const { run, asCompleted, sleep, now } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    const seen = await run(async () => {
      const iterator = asCompleted([() => 1, () => 2, failing(5, interrupt), after(1000, 4)]);
      const all: unknown[] = [short((await iterator.next()).value as Settled<number>)];
      await sleep(10);
      all.push(short((await iterator.next()).value as Settled<number>));
      return [...all, await errorOf(iterator.next())];
    });
    expect([seen, now()]).toEqual([[["0", 1], ["1", 2], interrupt], 10]);
  });

  it("CO-4 stragglers that are abandoned: next() rejects with the AbandonedError, their ends are reported", async () => {
    const { run, asCompleted, reports, settle, inspectTasks, timers } = virtualRuntime();
    const stuck = gate();
    const error = await errorOf(
      run(() => rest(asCompleted([() => stuck.promise], { name: "g", timeout: 10, abandonAfter: 5 }))),
    );
    expect(error).toBeInstanceOf(AbandonedError);
    expect((error as AbandonedError).tasks.map(({ path }) => path)).toEqual([["g", "0"]]);
    stuck.fail(boom);
    await settle();
    expect(reports.map((report) => report.error)).toEqual([boom]);
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it("CO-4 stragglers of a break that are abandoned: it rejects with the AbandonedError, which is reported too", async () => {
    const { run, asCompleted, reports } = virtualRuntime();
    const stuck = gate();
    const error = await errorOf(
      run(async () => {
        for await (const _ of asCompleted([() => 1, () => stuck.promise], { abandonAfter: 5 })) break;
      }),
    );
    expect(error).toBeInstanceOf(AbandonedError);
    expect(reports).toEqual([{ error, tasks: [expect.anything()] }]);
    stuck.open();
  });

  it("CO-4 stragglers that are abandoned while nobody waits: return() rejects with the AbandonedError, and reports it", async () => {
    const { run, asCompleted, sleep, reports } = virtualRuntime();
    const stuck = gate();
    const outcomes = await run(async () => {
      const iterator = asCompleted([() => 1, () => stuck.promise], { timeout: 10, abandonAfter: 5 });
      await iterator.next();
      await sleep(50);
      return [await errorOf(iterator.return?.() as Promise<unknown>), await outcomeOf(iterator.next())];
    });
    expect(outcomes).toEqual([expect.any(AbandonedError), { value: done }]);
    expect(reports.map((report) => report.error)).toEqual([outcomes[0]]);
    stuck.open();
  });

  it("CO-4 stragglers that are abandoned while nobody waits: what had failed is kept for next(), the tree isn't held open", async () => {
    const { run, asCompleted, sleep, inspectTasks } = virtualRuntime();
    const stuck = gate();
    const error = await errorOf(
      run(async () => {
        const iterator = asCompleted([() => 1, broken(boom), () => stuck.promise], { timeout: 10, abandonAfter: 5 });
        await iterator.next();
        await sleep(50);
        stuck.open();
        await sleep(1);
        expect(inspectTasks()).toEqual([]);
        await iterator.next();
      }),
    );
    expect((error as ExceptionGroup).errors).toEqual([boom, expect.any(AbandonedError)]);
  });

  it.each(["from outside", "by its deadline"])(
    "CO-4 a loop that is left has nothing to say of a cancellation %s during its drain",
    async (how) => {
      const { run, asCompleted, sleep, now, reports } = virtualRuntime();
      const controller = new AbortController();
      const options = how === "by its deadline" ? { timeout: 12 } : { signal: controller.signal };
      await run(async () => {
        void sleep(12).then(() => controller.abort(stop));
        for await (const _ of asCompleted(
          [after(10, 1), (task) => linger(task.sleep(1000), () => sleep(5))],
          options,
        )) {
          break;
        }
      });
      expect([now(), reports]).toEqual([15, []]);
    },
  );

  it("CO-4 a loop that is left because its scope was cancelled ends with the scope's reason (CA-7)", async () => {
    const { run, taskGroup, sleep, reports } = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort(stop));
        return taskGroup({ signal: controller.signal }, async (group) => {
          for await (const _ of group.asCompleted([() => 1, after(1000, 2)])) await group.sleep(100);
        });
      }),
    );
    expect([error, reports]).toEqual([stop, []]);
  });

  it("CO-4 (CA-8) a straggler is named while next() waits for the drain, the group itself isn't", async () => {
    const { run, asCompleted, reports, sleep } = virtualRuntime();
    await run(() =>
      errorOf(
        rest(asCompleted([(task) => linger(task.sleep(1000), () => sleep(20))], { name: "g", timeout: 10, grace: 5 })),
      ),
    );
    expect(reports.map(({ tasks }) => tasks.map(({ path }) => path))).toEqual([[["g", "0"]]]);
  });
});
