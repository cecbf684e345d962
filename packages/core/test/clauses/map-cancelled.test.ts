import { type TaskScope, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { done, failuresOf } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { recordedSource } from "./recorded-source.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("LI-3 a map that is cancelled", () => {
  it("LI-3 from outside: next() rejects with the reason after the drain, what wasn't taken is dropped", async () => {
    const { run, map, sleep, now, inspectTasks, timers } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const outcomes = await run(async () => {
      const mapper = async (ms: number, task: TaskScope) => {
        await linger(task.sleep(ms), () => sleep(3));
        return ms;
      };
      const results = map([1, 2, 1000], mapper, { signal });
      const first = await outcomeOf(results.next());
      await sleep(10);
      abort(stop);
      return [first, await outcomeOf(results.next()), await outcomeOf(results.next())];
    });
    expect(outcomes).toEqual([{ value: { value: 1, done: false } }, { error: stop }, { value: done }]);
    expect([now(), listening(), inspectTasks(), timers()]).toEqual([17, 0, [], 0]);
  });

  it("LI-3 by its deadline: what was finished before is given, then a TimeoutError", async () => {
    const { run, map, sleep } = virtualRuntime();
    const outcomes = await run(async () => {
      const results = map([1, 2, 1000], (ms, task) => task.sleep(ms).then(() => ms), { timeout: 10 });
      const first = await outcomeOf(results.next());
      await sleep(20);
      return [first, await outcomeOf(results.next()), await errorOf(results.next())];
    });
    expect(outcomes).toEqual([
      { value: { value: 1, done: false } },
      { value: { value: 2, done: false } },
      expect.any(TimeoutError),
    ]);
  });

  it("LI-3 by its deadline while its buffer is full: the source is closed at once, the results are kept", async () => {
    const host = virtualRuntime();
    const { source, closings } = recordedSource(host, { isAsync: true });
    const seen = await host.run(async () => {
      const results = host.map(source, (n) => n, { limit: 2, timeout: 10 });
      const first = await results.next();
      await host.sleep(50);
      return [
        first.value,
        closings(),
        (await results.next()).value,
        (await results.next()).value,
        await errorOf(results.next()),
      ];
    });
    expect(seen).toEqual([0, ["return", "closed"], 1, 2, expect.any(TimeoutError)]);
  });

  it("LI-3 by its deadline while nothing but the source is waited for: a TimeoutError, not an early end", async () => {
    const { run, map, sleep } = virtualRuntime();
    async function* source() {
      yield 1;
      await sleep(100);
    }
    expect(await errorOf(run(() => map(source(), (n) => n, { timeout: 10 }).toArray()))).toBeInstanceOf(TimeoutError);
  });

  it("LI-3 in the turn of the last result, from outside: the reason (OUT-3)", async () => {
    const { run, map } = virtualRuntime();
    const controller = new AbortController();
    const outcome = await outcomeOf(
      run(async () => {
        const last = gate<number>();
        const all = map([1, 2], (n) => (n === 1 ? n : last.promise), { signal: controller.signal }).toArray();
        await Promise.resolve().then(() => {});
        last.open(2);
        controller.abort(stop);
        return await all;
      }),
    );
    expect(outcome).toEqual({ error: stop });
  });

  it("LI-3 after the last result, from outside: nothing is lost", async () => {
    const { run, map, sleep } = virtualRuntime();
    const controller = new AbortController();
    const seen: number[] = [];
    await run(async () => {
      for await (const n of map([1, 2, 3], (item) => item, { signal: controller.signal })) {
        await sleep(10);
        controller.abort(stop);
        seen.push(n);
      }
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it("LI-3 a signal that is aborted already: the reason, and the source isn't touched", async () => {
    const host = virtualRuntime();
    const { source, log } = recordedSource(host, { isAsync: false });
    const error = await errorOf(
      host.run(() => host.map(source, (n) => n, { signal: AbortSignal.abort(stop) }).toArray()),
    );
    expect([error, log]).toEqual([stop, []]);
  });
});

describe("LI-3 a map whose owner has ended was left", () => {
  it("LI-3 it holds nobody up: the mappers are cancelled and drained, the source is closed", async () => {
    const host = virtualRuntime();
    const { source, closings } = recordedSource(host, { isAsync: true, ms: 1 });
    await host.run(() =>
      host.taskGroup(async (group) => {
        await group.map(source, (n, { sleep }) => sleep(n * 1000)).next();
      }),
    );
    expect([closings(), host.reports]).toEqual([["return", "closed"], []]);
    expect([host.now(), host.inspectTasks(), host.timers()]).toEqual([6, [], 0]);
  });

  it("LI-3 failures that nobody was given are reported", async () => {
    const host = virtualRuntime();
    await host.run(() =>
      host.taskGroup((group) => {
        group.createTask(async ({ map, sleep }) => {
          await map([1, 2], (n, task) => task.sleep(n).then(() => (n === 2 ? Promise.reject(boom) : n))).next();
          await sleep(100);
        });
      }),
    );
    expect(host.reports.map((report) => failuresOf(report.error))).toEqual([[[boom, "1"]]]);
    expect(host.inspectTasks()).toEqual([]);
  });

  it("LI-3 a deadline that nobody asks about ends it, too", async () => {
    const host = virtualRuntime();
    await host.run(async () => {
      await host.map([1, 1000], (ms, task) => task.sleep(ms), { timeout: 10 }).next();
      await host.sleep(100);
    });
    expect([host.inspectTasks(), host.timers(), host.reports]).toEqual([[], 0, []]);
  });
});
