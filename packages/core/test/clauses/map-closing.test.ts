import { EventEmitter, on } from "node:events";
import { type TaskScope, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { done, failuresOf } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { KINDS, recordedSource } from "./recorded-source.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

type Host = ReturnType<typeof virtualRuntime>;

describe("LI-3 the source is closed, once, and that is awaited", () => {
  const mapper = (n: number, { sleep }: TaskScope) => sleep(10).then(() => n);
  const failing = (n: number, task: TaskScope) => (n === 1 ? Promise.reject(boom) : mapper(n, task));
  const options = { limit: 2 };

  const leaving: readonly [string, (host: Host, source: Iterable<number>) => Promise<unknown>][] = [
    [
      "break",
      async ({ map }, source) => {
        for await (const _ of map(source, mapper, options)) break;
      },
    ],
    [
      "a throw in the loop",
      async ({ map }, source) => {
        for await (const _ of map(source, mapper, options)) throw stop;
      },
    ],
    [
      "return()",
      async ({ map }, source) => {
        const results = map(source, mapper, options);
        await results.next();
        await Promise.all([results.return?.(), results.return?.()]);
      },
    ],
    [
      "throw()",
      async ({ map }, source) => {
        const results = map(source, mapper, options);
        await results.next();
        await results.throw?.(stop);
      },
    ],
    [
      "a failing mapper",
      async ({ map }, source) => {
        for await (const _ of map(source, failing, options));
      },
    ],
    ["a failing mapper, in toArray()", ({ map }, source) => map(source, failing, options).toArray()],
    [
      "a cancellation from outside",
      ({ map, sleep }, source) => {
        const controller = new AbortController();
        void sleep(25).then(() => controller.abort(stop));
        return map(source, mapper, { ...options, signal: controller.signal }).toArray();
      },
    ],
    ["a deadline", ({ map }, source) => map(source, mapper, { ...options, timeout: 25 }).toArray()],
  ];

  it.each(leaving.flatMap(([how, leave]) => KINDS.map(([kind, isAsync]) => [how, kind, isAsync, leave] as const)))(
    "LI-3 after %s: %s",
    async (_how, _kind, isAsync, leave) => {
      const host = virtualRuntime();
      const { source, log, closings } = recordedSource(host, { isAsync, ms: 3 });
      await host.run(() => outcomeOf(leave(host, source)));
      expect([closings(), log.at(-1)]).toEqual([["return", "closed"], "closed"]);
      expect([host.inspectTasks(), host.timers()]).toEqual([[], 0]);
    },
  );

  it.each(KINDS)("LI-3 not when it ended by itself: %s", async (_, isAsync) => {
    const host = virtualRuntime();
    const { source, closings } = recordedSource(host, { isAsync, length: 3 });
    await host.run(async () => {
      for await (const _n of host.map(source, mapper));
    });
    // Nor if the loop is left after that.
    const again = recordedSource(host, { isAsync, length: 3 });
    await host.run(async () => {
      for await (const _n of host.map(again.source, mapper)) {
        await host.sleep(100);
        break;
      }
    });
    expect([closings(), again.closings()]).toEqual([[], []]);
  });

  it.each(KINDS)("LI-3 what closing throws is a failure: %s", async (_, isAsync) => {
    const host = virtualRuntime();
    const close = () => {
      throw boom;
    };
    const source = {
      [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => ({
        next: () => ({ value: 1, done: false }),
        return: close,
      }),
    } as unknown as Iterable<number>;
    const error = await errorOf(
      host.run(async () => {
        for await (const _n of host.map(source, mapper, options)) break;
      }),
    );
    expect(failuresOf(error)).toEqual([[boom, "source"]]);
    expect(host.reports.map((report) => report.error)).toEqual([error]);
  });

  it("LI-3 unless it is the cancellation itself", async () => {
    const { run, map, reports } = virtualRuntime();
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ value: 1, done: false }),
        return: () => Promise.reject(new DOMException("aborted", "AbortError")),
      }),
    };
    await run(async () => {
      for await (const _ of map(source, mapper, options)) break;
    });
    expect(reports).toEqual([]);
  });

  it("LI-3 a generator's finally runs, an async one's to its end", async () => {
    const { run, map, sleep } = virtualRuntime();
    const log: string[] = [];
    function* synchronous() {
      try {
        for (;;) yield 1;
      } finally {
        log.push("sync");
      }
    }
    async function* asynchronous() {
      try {
        for (;;) yield 1;
      } finally {
        await sleep(20);
        log.push("async");
      }
    }
    await run(async () => {
      for (const source of [synchronous(), asynchronous()]) {
        for await (const _ of map(source, (n) => n, options)) break;
        log.push("out");
      }
    });
    expect(log).toEqual(["sync", "out", "async", "out"]);
  });

  it("LI-3 a stream is cancelled and given back", async () => {
    const { run, map } = virtualRuntime();
    const cancelled = vi.fn();
    let n = 0;
    const stream = new ReadableStream<number>({ pull: (controller) => controller.enqueue(n++), cancel: cancelled });
    await run(async () => {
      for await (const _ of map(stream, (item) => item, options)) break;
    });
    expect([cancelled.mock.calls.length, stream.locked]).toEqual([1, false]);
  });

  it("LI-3 a source that only its return() can wake is closed at once", async () => {
    const { run, map, now } = virtualRuntime();
    const emitter = new EventEmitter();
    const error = await errorOf(
      run(() => map(on(emitter, "job") as AsyncIterable<unknown[]>, (n) => n, { timeout: 10 }).toArray()),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect([now(), emitter.listenerCount("job")]).toEqual([10, 0]);
  });

  it("LI-3 the mappers of an inner map are cancelled at once when the outer is left", async () => {
    const { run, map, now, inspectTasks } = virtualRuntime();
    const slow = (ms: number, { sleep }: TaskScope) => sleep(ms);
    await run(async () => {
      for await (const _ of map(map([10, 1000], slow), (n) => n)) break;
    });
    expect([now(), inspectTasks()]).toEqual([10, []]);
  });

  it("LI-3 an item that arrives after the cancellation isn't mapped", async () => {
    const { run, map } = virtualRuntime();
    const item = gate<number>();
    const seen = vi.fn();
    const taskName = vi.fn(() => "late");
    const closed = vi.fn(async () => ({ value: undefined, done: true as const }));
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => item.promise.then((value) => ({ value, done: false })),
        return: closed,
      }),
    };
    await run(async () => {
      const results = map(source, seen, { taskName });
      const pending = results.next();
      await Promise.resolve().then(() => {});
      const left = results.return?.();
      item.open(1);
      await Promise.all([pending, left]);
    });
    expect([seen.mock.calls, taskName.mock.calls, closed.mock.calls.length]).toEqual([[], [], 1]);
  });

  it("LI-3 a source that fails while it is closed has failed; its own abort is its cancellation", async () => {
    for (const [thrown, isFailure] of [
      [boom, true],
      [new DOMException("aborted", "AbortError"), false],
    ] as const) {
      const { run, map, reports } = virtualRuntime();
      const item = gate<IteratorResult<number>>();
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () => item.promise,
          async return() {
            item.fail(thrown);
            return { value: undefined, done: true as const };
          },
        }),
      };
      const outcome = await outcomeOf(
        run(async () => {
          const results = map(source, (n) => n);
          const pending = results.next();
          await Promise.resolve().then(() => {});
          await results.return?.();
          await pending;
        }),
      );
      expect("error" in outcome).toBe(isFailure);
      if ("error" in outcome) expect(failuresOf(outcome.error)).toEqual([[boom, "source"]]);
      expect(reports.length).toBe(isFailure ? 1 : 0);
    }
  });

  it("LI-3 a sync source that cancels its own map while it is asked is closed after its answer", async () => {
    const { run, map } = virtualRuntime();
    const controller = new AbortController();
    const log: string[] = [];
    function* source() {
      try {
        yield 1;
        controller.abort(stop);
        yield 2;
      } finally {
        log.push("closed");
      }
    }
    const seen: number[] = [];
    const error = await errorOf(run(() => map(source(), (n) => seen.push(n), { signal: controller.signal }).toArray()));
    expect([error, seen, log]).toEqual([stop, [1], ["closed"]]);
  });

  it("LI-3 closing raises no unhandled rejection", async () => {
    const { run, map } = virtualRuntime();
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>((_, reject) => setImmediate(() => reject(boom))),
        return: () => Promise.reject(stop),
      }),
    };
    const seen = await unhandledDuring(async () => {
      const results = map(source, (n) => n);
      const pending = outcomeOf(results.next());
      await Promise.resolve().then(() => {});
      const error = await errorOf(results.return?.() as Promise<unknown>);
      expect(failuresOf(error)).toEqual([
        [stop, "source"],
        [boom, "source"],
      ]);
      expect(await pending).toEqual({ value: done });
    });
    await run(() => {});
    expect(seen).toEqual([]);
    expect.assertions(3);
  });
});
