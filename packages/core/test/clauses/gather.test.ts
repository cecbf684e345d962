import { ExceptionGroup, type Fn, KeyboardInterrupt, type TaskScope, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, stubborn, failuresOf } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-2 gather gives the results in the shape of the functions", () => {
  it("CO-2 (test_success) an array of functions gives an array, in the order of the arguments, whoever ends first", async () => {
    const { run, gather, now } = virtualRuntime();
    const results = await run(() => gather([after(30, "a"), () => "b", after(10, "c"), async () => undefined]));
    expect([results, now()]).toEqual([["a", "b", "c", undefined], 30]);
  });

  it("CO-2 a record of functions gives a record", async () => {
    const { run, gather, now } = virtualRuntime();
    const results = await run(() => gather({ user: after(20, "Ada"), orders: () => [1, 2] }));
    expect([results, now()]).toEqual([{ user: "Ada", orders: [1, 2] }, 20]);
    expect(Object.keys(results)).toEqual(["user", "orders"]);
    expect(Object.getPrototypeOf(results)).toBe(Object.prototype);
  });

  it("CO-2 the functions run together, in the order of the keys, each on a microtask", async () => {
    const { run, gather } = virtualRuntime();
    const order: string[] = [];
    await run(() => {
      const call = gather({ a: () => order.push("a"), b: () => order.push("b") });
      order.push("called");
      return call;
    });
    expect(order).toEqual(["called", "a", "b"]);
  });

  it("CO-2 (test_constructor_empty_sequence_use_running_loop) nothing to run gives an empty array or record", async () => {
    const { run, gather, inspectTasks } = virtualRuntime();
    expect(await run(() => gather([]))).toEqual([]);
    expect(await run(() => gather({}))).toEqual({});
    expect(await run(() => gather({}, { settled: true }))).toEqual({});
    expect(inspectTasks()).toEqual([]);
  });

  it("CO-2 of a record the own enumerable string keys count", async () => {
    const { run, gather } = virtualRuntime();
    const record = Object.create(
      { inherited: () => 1 },
      {
        own: { value: () => 2, enumerable: true },
        hidden: { value: () => 3 },
        [Symbol("symbol")]: { value: () => 4, enumerable: true },
      },
    ) as Record<string, Fn>;
    expect(await run(() => gather(record))).toEqual({ own: 2 });
  });

  it("CO-2 a key `__proto__` is a key like any other", async () => {
    const { run, gather } = virtualRuntime();
    const record = JSON.parse('{"__proto__": 0, "constructor": 0}') as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      Object.defineProperty(record, key, { value: () => key, enumerable: true });
    }
    const results = await run(() => gather(record as Record<string, Fn>));
    expect(Object.entries(results)).toEqual([
      ["__proto__", "__proto__"],
      ["constructor", "constructor"],
    ]);
    expect(Object.getPrototypeOf(results)).toBe(Object.prototype);
  });

  it("CO-2 a record without a prototype will do", async () => {
    const { run, gather } = virtualRuntime();
    const record = Object.assign(Object.create(null) as object, { a: () => 1 }) as Record<string, Fn>;
    expect(await run(() => gather(record))).toEqual({ a: 1 });
  });

  it("CO-2 (test_duplicate_coroutines; differs: asyncio shares one task) one function given twice runs twice", async () => {
    const { run, gather } = virtualRuntime();
    let calls = 0;
    const fn = () => ++calls;
    expect(await run(() => gather([fn, fn]))).toEqual([1, 2]);
  });

  it("CO-2 what is added to the list after the call doesn't run", async () => {
    const { run, gather } = virtualRuntime();
    const fns = [() => 1];
    const results = await run(() => {
      const call = gather(fns);
      fns.push(() => 2);
      return call;
    });
    expect(results).toEqual([1]);
  });

  it("CO-2 the members are tasks, named by their keys, in a group that takes a group's options", async () => {
    const { run, gather } = virtualRuntime();
    const path = ({ path: own }: TaskScope) => own;
    expect(await run(() => gather([path, path], { name: "g" }))).toEqual([
      ["g", "0"],
      ["g", "1"],
    ]);
    expect(await run(() => gather({ user: path }, { name: "g" }))).toEqual({ user: ["g", "user"] });
  });

  it("CO-2 `limit` bounds how many run at once (LI-1)", async () => {
    const { run, gather, now } = virtualRuntime();
    const results = await run(() => gather([after(10, 1), after(10, 2), after(10, 3)], { limit: 2 }));
    expect([results, now()]).toEqual([[1, 2, 3], 20]);
  });

  it("CO-2 500 functions give their results in order", async () => {
    const { run, gather } = virtualRuntime();
    const fns = Array.from({ length: 500 }, (_, n) => after((n * 7919) % 500, n));
    expect(await run(() => gather(fns))).toEqual(fns.map((_, n) => n));
  });
});

describe("CO-2 gather is structured", () => {
  it("CO-2 one failure cancels and drains the rest, and comes out in a group with the name of its task", async () => {
    const { run, gather, now, sleep, inspectTasks, timers } = virtualRuntime();
    const order: string[] = [];
    const error = await errorOf(
      run(() =>
        gather(
          {
            slow: (task) => linger(task.sleep(1000), () => sleep(5).then(() => order.push("drained"))),
            bad: failing(10, boom),
          },
          { name: "g" },
        ),
      ),
    );
    order.push("out");
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as Error).message).toBe('unhandled errors in TaskGroup "g" (1 sub-exception)');
    expect([failuresOf(error), order, now()]).toEqual([[[boom, "bad"]], ["drained", "out"], 15]);
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it.each([undefined, null, 0, ""])("CO-2 (ER-3) a failure with %s is one", async (thrown) => {
    const { run, gather } = virtualRuntime();
    const error = await errorOf(run(() => gather([() => 1, () => Promise.reject(thrown)])));
    expect(failuresOf(error)).toEqual([[thrown, "1"]]);
  });

  it("CO-2 a function that throws before its first wait has failed, too", async () => {
    const { run, gather } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        gather([
          () => {
            throw boom;
          },
        ]),
      ),
    );
    expect(failuresOf(error)).toEqual([[boom, "0"]]);
  });

  it("CO-2 `failFast: false` waits for all and throws what failed at the end (FF-4)", async () => {
    const { run, gather, now } = virtualRuntime();
    const error = await errorOf(run(() => gather([failing(10, boom), after(50, 1)], { failFast: false })));
    expect([failuresOf(error), now()]).toEqual([[[boom, "0"]], 50]);
  });

  it("CO-2 is cancelled from outside with the reason, after the drain (OUT-3)", async () => {
    const { run, gather, sleep, now } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => abort(stop));
        return gather([(task) => linger(task.sleep(1000), () => sleep(5)), after(1, 1)], { signal });
      }),
    );
    expect([error, now(), listening()]).toEqual([stop, 15, 0]);
  });

  it("CO-2 (test_cancel_gather_1; differs: asyncio refuses it) an outside cancel in the turn of the last result came before the end, and counts (OUT-3)", async () => {
    const { run, gather } = virtualRuntime();
    const controller = new AbortController();
    const last = gate<number>();
    const outcome = await outcomeOf(
      run(() => {
        const call = gather([() => 1, () => last.promise], { signal: controller.signal });
        void Promise.resolve()
          .then(() => {})
          .then(() => {
            last.open(2);
            controller.abort(stop);
          });
        return call;
      }),
    );
    expect(outcome).toEqual({ error: stop });
  });

  it("CO-2 an outside cancel after the end changes nothing", async () => {
    const { run, gather } = virtualRuntime();
    const controller = new AbortController();
    const results = await run(async () => {
      const values = await gather([() => 1], { signal: controller.signal });
      controller.abort(stop);
      return values;
    });
    expect(results).toEqual([1]);
  });

  it("CO-2 a signal that is aborted already starts nothing, even if there is nothing to start", async () => {
    const { run, gather } = virtualRuntime();
    const fn = vi.fn();
    for (const fns of [[fn], []]) {
      const outcome = await outcomeOf(run(() => gather(fns, { signal: AbortSignal.abort("gone") })));
      expect(outcome).toEqual({ error: "gone" });
    }
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-2 `timeout` cancels all and gives a TimeoutError (OUT-4)", async () => {
    const { run, gather, now, timers } = virtualRuntime();
    const error = await errorOf(run(() => gather({ slow: after(1000, 1), quick: () => 2 }, { timeout: 10 })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toMatch(/still running: slow/);
    expect([now(), timers()]).toEqual([10, 0]);
  });

  it.each([false, true])(
    "CO-2 a timeout of 0 starts nobody: a TimeoutError, no holes (settled: %s)",
    async (settled) => {
      const { run, gather } = virtualRuntime();
      const fn = vi.fn();
      expect(await errorOf(run(() => gather({ a: fn }, { timeout: 0, settled })))).toBeInstanceOf(TimeoutError);
      expect(await run(() => gather([], { timeout: 0, settled }))).toEqual([]);
      expect(fn).not.toHaveBeenCalled();
    },
  );

  it("CO-2 all that are done in spite of the deadline give their results (TO-3)", async () => {
    const { run, gather } = virtualRuntime();
    expect(await run(() => gather([stubborn("late"), () => "in time"], { timeout: 10 }))).toEqual(["late", "in time"]);
  });

  it("CO-2 (ER-5) a KeyboardInterrupt comes out bare", async () => {
    const { run, gather } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    expect(await errorOf(run(() => gather([after(1000, 1), () => Promise.reject(interrupt)])))).toBe(interrupt);
  });

  it("CO-2 raises no unhandled rejection, however many fail", async () => {
    const { run, gather } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      errorOf(run(() => gather([failing(1, 1), failing(1, 2), () => Promise.reject(3), stubborn(4)]))),
    );
    expect(seen).toEqual([]);
  });
});
