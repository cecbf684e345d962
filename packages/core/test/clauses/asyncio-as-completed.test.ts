import { CancelledError, type ExceptionGroup, type Settled, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, done, failing, failuresOf, rest, short } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";

const boom = new Error("boom");

describe("asyncio.as_completed beside asCompleted", () => {
  it("CO-4 (test_as_completed_same_tasks_in_as_out; differs: a handle never travels through an iterator, ME-1) each result names the function that it is of", async () => {
    const { run, asCompleted } = virtualRuntime();
    const fns = [after(30, "a"), () => "b", after(20, "c"), failing(10, boom)];
    const seen: Settled<unknown>[] = [];
    await run(async () => {
      for await (const settled of asCompleted(fns)) seen.push(settled);
    });
    expect(seen.map(({ task }) => fns[Number(task.name)])).toEqual([fns[1], fns[3], fns[2], fns[0]]);
    expect(seen.map(({ task }) => [typeof task, "then" in task, "cancel" in task])).toEqual(
      seen.map(() => ["object", false, false]),
    );
  });

  it("CO-4 (test_as_completed_duplicate_coroutines, test_wait_duplicate_coroutines; differs: asyncio gives it once) one function given twice runs twice and is given twice", async () => {
    const { run, asCompleted } = virtualRuntime();
    const ham = vi.fn(() => "ham");
    const all = await run(() => rest(asCompleted([ham, ham, () => "spam"])));
    expect(all).toEqual([
      ["0", "ham"],
      ["1", "ham"],
      ["2", "spam"],
    ]);
    expect(ham).toHaveBeenCalledTimes(2);
  });

  it("CO-4 (test_as_completed_resume_iterator; differs: asyncio's loop can be left and resumed) after a break it is over, and nobody runs behind the loop's back", async () => {
    const { run, asCompleted, now, inspectTasks } = virtualRuntime();
    const collected: unknown[] = [];
    await run(async () => {
      const iterator = asCompleted([0, 1, 2, 3].map((n) => after(n, n)));
      for await (const settled of iterator) {
        collected.push(short(settled));
        if (collected.length === 2) break;
      }
      expect(inspectTasks()).toEqual([]);
      collected.push(...(await rest(iterator)));
    });
    expect([collected, now()]).toEqual([[["0", 0], ["1", 1]], 1]); // prettier-ignore
  });

  it("CO-4 (test_as_completed_reverse_wait; differs: next() is asked in order) whoever asks first gets who ended first, whatever is awaited first", async () => {
    const { run, asCompleted, now } = virtualRuntime();
    const seen: unknown[] = [];
    await run(async () => {
      const iterator = asCompleted([after(100, "b"), after(50, "a")]);
      const steps = [iterator.next(), iterator.next()];
      seen.push(short((await steps[1])?.value as Settled<string>), now());
      seen.push(short((await steps[0])?.value as Settled<string>), now());
    });
    expect(seen).toEqual([["0", "b"], 100, ["1", "a"], 100]);
  });

  it("CO-4 (test_as_completed_with_unused_timeout) a timeout that isn't needed changes nothing, and leaves no timer", async () => {
    const { run, asCompleted, now, timers } = virtualRuntime();
    const all = await run(() => rest(asCompleted([after(10, "a")], { timeout: 1000 })));
    expect([all, now(), timers()]).toEqual([[["0", "a"]], 10, 0]);
  });

  it.each<[string, number, (seen: AsyncIterable<unknown>) => Promise<unknown>]>([
    ["its timeout", 12, (seen) => rest(seen as AsyncIterable<Settled<unknown>>)],
    [
      "a break",
      10,
      async (seen) => {
        for await (const _ of seen) break;
      },
    ],
    [
      "an error of the loop",
      10,
      async (seen) => {
        for await (const _ of seen) throw boom;
      },
    ],
  ])(
    "CO-4 (test_as_completed_with_timeout; differs: asyncio leaves b running) %s cancels what is pending, and waits for its end",
    async (_how, at, leave) => {
      const { run, asCompleted, sleep, now, inspectTasks, timers } = virtualRuntime();
      const ends: unknown[] = [];
      const b = (task: TaskScope) =>
        linger(task.sleep(1000), () => {
          ends.push(task.reason, now());
          return sleep(5);
        });
      await run(() => outcomeOf(leave(asCompleted([after(10, "a"), b], { timeout: 12 }))));
      expect(ends).toEqual([expect.any(CancelledError), at]);
      expect([now(), inspectTasks(), timers()]).toEqual([at + 5, [], 0]);
    },
  );
});

describe("asyncio.wait beside gather, asCompleted and moveOnAfter", () => {
  it("CO-2 (test_wait, test_wait_with_exception) ALL_COMPLETED: `settled` waits for all, failures among them, and cancels nobody", async () => {
    const { run, gather, now } = virtualRuntime();
    const results = await run(() => gather([failing(150, boom), after(100, "a")], { settled: true }));
    expect([results.map(short), now()]).toEqual([[["0", boom], ["1", "a"]], 150]); // prettier-ignore
  });

  it("CO-4 (test_wait_first_completed; differs: asyncio leaves the pending ones running) FIRST_COMPLETED: a break after the first end cancels the rest", async () => {
    const { run, asCompleted, now } = virtualRuntime();
    const ends: unknown[] = [];
    const a = (task: TaskScope) => task.sleep(10_000).finally(() => ends.push("a", task.isCancelled()));
    await run(async () => {
      for await (const first of asCompleted([a, after(100, "b")])) {
        ends.push(short(first));
        break;
      }
    });
    expect([ends, now()]).toEqual([[["1", "b"], "a", true], 100]);
  });

  it("CO-4 (test_wait_really_done) FIRST_COMPLETED: more than one may have ended by then, and none of them is lost", async () => {
    const { run, asCompleted, sleep, now } = virtualRuntime();
    const [a, b] = [gate<string>(), gate<string>()];
    const seen: unknown[] = [];
    await run(async () => {
      const iterator = asCompleted([() => a.promise, () => b.promise, after(10, "late")]);
      const first = iterator.next();
      await sleep(1);
      // b ends while a's end is on its way to whoever waits for it.
      a.open("a");
      void Promise.resolve().then(() => b.open("b"));
      seen.push(short((await first).value as Settled<string>));
      seen.push(short((await iterator.next()).value as Settled<string>), now());
      seen.push(await iterator.return?.());
    });
    expect(seen).toEqual([["0", "a"], ["1", "b"], 1, done]);
  });

  it.each([
    ["test_wait_first_exception", 0],
    ["test_wait_first_exception_in_wait", 10],
  ])(
    "FF-1 (%s; differs: asyncio leaves the pending ones running) FIRST_EXCEPTION: a failure after %d ms ends the wait, and cancels the rest",
    async (_test, ms) => {
      const { run, gather, now } = virtualRuntime();
      const ends: unknown[] = [];
      const a = (task: TaskScope) => task.sleep(10_000).finally(() => ends.push(task.isCancelled()));
      const b = ms === 0 ? () => Promise.reject(boom) : failing(ms, boom);
      const error = await errorOf(run(() => gather({ a, b })));
      expect([failuresOf(error), ends, now()]).toEqual([[[boom, "b"]], [true], ms]);
    },
  );

  it("ME-6 (asyncio.wait, FIRST_EXCEPTION) a member that was cancelled alone is no exception: the wait goes on", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup({ memberCancel: true }, async (group) => {
          const a = group.createTask((task) => task.sleep(1000));
          group.createTask(failing(20, boom));
          await group.sleep(10);
          a.cancel();
        }),
      ),
    );
    expect([(error as ExceptionGroup).errors, now()]).toEqual([[boom], 20]);
  });

  it("TO-7 (test_wait_with_timeout; differs: asyncio leaves the pending ones running) a limit is no error under moveOnAfter: what had ended is there, the members that hadn't are cancelled", async () => {
    const { run, moveOnAfter, now } = virtualRuntime();
    const [ended, ends]: [unknown[], unknown[]] = [[], []];
    const b = (task: TaskScope) => task.sleep(150).finally(() => ends.push(task.isCancelled()));
    const outcome = await run(() =>
      moveOnAfter(110, async ({ asCompleted }) => {
        for await (const settled of asCompleted([b, after(100, "a")])) ended.push(short(settled));
      }),
    );
    expect([outcome, ended, ends, now()]).toEqual([{ timedOut: true }, [["1", "a"]], [true], 110]);
  });

  it.each([
    ["test_wait_with_timeout", 110],
    ["test_wait_concurrent_complete", 100],
  ])(
    "TO-7 CA-10 (%s) a limit of %d ms on the wait for standalone tasks cancels none of them, and what had ended is there",
    async (_test, ms) => {
      const { run, moveOnAfter, detach, sleep, now } = virtualRuntime();
      const ended: unknown[] = [];
      await run(async () => {
        const [a, b] = [100, 150].map((delay) => detach((task) => task.sleep(delay).then(() => delay)));
        await sleep(0);
        const outcome = await moveOnAfter(ms, async ({ asCompleted }) => {
          const waits = [b, a].map((task) => (scope: TaskScope) => scope.abortable(task as PromiseLike<number>));
          for await (const settled of asCompleted(waits)) ended.push(short(settled));
        });
        expect([outcome, ended, now()]).toEqual([{ timedOut: true }, [["1", 100]], ms]);
        expect([a?.state, b?.state]).toEqual(["done", "running"]);
        expect([await b, now()]).toEqual([150, 150]);
      });
    },
  );

  it("CO-2 CO-3 (test_wait_errors, test_wait_invalid_args) nothing to wait for: of no functions all are done, but none is first; what is no list is a TypeError", async () => {
    const { run, gather, firstSuccess, asCompleted } = virtualRuntime();
    expect(await run(() => gather([], { settled: true }))).toEqual([]);
    expect(await run(() => errorOf(firstSuccess([])))).toBeInstanceOf(RangeError);
    const one = Promise.resolve() as never;
    expect(await run(() => errorOf(firstSuccess(one)))).toBeInstanceOf(TypeError);
    expect(() => asCompleted(one)).toThrow(TypeError);
  });

  it("CO-2 (asyncio.wait takes no coroutines) what was started already is refused: it takes functions, and its members are its own", async () => {
    const { run, gather, detach } = virtualRuntime();
    await run(async () => {
      const task = detach(() => 1);
      expect(await errorOf(gather([task as never]))).toBeInstanceOf(TypeError);
      expect(await gather([() => task])).toEqual([1]);
    });
  });

  it("CA-10 (test_yield_wait_does_not_shield_cancel) a wait for a standalone task, by abortable, leaves it running when it is cancelled", async () => {
    const { run, detach, sleep } = virtualRuntime();
    const waiter = gate();
    let proof = 0;
    await run(async () => {
      const inner = detach(async () => {
        await waiter.promise;
        proof += 1;
      });
      const outer = detach(async ({ abortable }) => {
        await abortable(inner);
        proof += 100;
      });
      await sleep(1);
      outer.cancel();
      expect(await errorOf(outer)).toBeInstanceOf(CancelledError);
      expect([inner.state, proof]).toEqual(["running", 0]);
      waiter.open();
      await inner;
    });
    expect(proof).toBe(1);
  });

  it("CO-4 (test_yield_wait_does_not_shield_cancel; differs: asyncio leaves them running) a loop that is cancelled cancels its members and waits for their ends", async () => {
    const { run, detach, sleep, now } = virtualRuntime();
    let proof = 0;
    await run(async () => {
      const outer = detach(async ({ asCompleted }) => {
        await rest(asCompleted([(task) => linger(task.sleep(1000), () => sleep(5)).then(() => (proof += 1))]));
        proof += 100;
      });
      await sleep(1);
      outer.cancel();
      expect(await errorOf(outer)).toBeInstanceOf(CancelledError);
    });
    expect([proof, now()]).toEqual([0, 6]);
  });
});
