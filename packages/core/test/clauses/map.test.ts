import { InvalidStateError, type MapIterable, type TaskScope } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { done } from "./combinator-fixtures.ts";

/** A mapper that takes as many ms as its item says. */
const sleepy = (ms: number, { sleep }: TaskScope): Promise<number> => sleep(ms).then(() => ms);

async function collect<R>(results: AsyncIterable<R>): Promise<R[]> {
  const all: R[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** Counts how many run, and how many did at most. */
function gauge() {
  let running = 0;
  let most = 0;
  return {
    most: () => most,
    around: async <T>(work: () => Promise<T>): Promise<T> => {
      most = Math.max(most, ++running);
      try {
        return await work();
      } finally {
        running--;
      }
    },
  };
}

/** The first `n` numbers, and how many of them have been asked for. */
function counted(n: number) {
  const pulled = { count: 0 };
  function* numbers(): Generator<number> {
    for (let i = 0; i < n; i++) {
      pulled.count++;
      yield i;
    }
  }
  return { pulled, numbers: numbers() };
}

describe("LI-3 map gives a result for each item", () => {
  it.each([
    ["iterated", collect],
    ["by toArray()", (results: MapIterable<unknown>) => results.toArray()],
  ])("LI-3 in the order of the source, whoever ends first: %s", async (_, all) => {
    const { run, map, now, inspectTasks, timers } = virtualRuntime();
    expect(await run(() => all(map([30, 10, 20], sleepy)))).toEqual([30, 10, 20]);
    expect([now(), inspectTasks(), timers()]).toEqual([30, [], 0]);
  });

  it.each([
    ["iterated", collect],
    ["by toArray()", (results: MapIterable<unknown>) => results.toArray()],
  ])("LI-3 with `ordered: false` in the order in which they are finished: %s", async (_, all) => {
    const { run, map } = virtualRuntime();
    expect(await run(() => all(map([30, 10, 20, 10], sleepy, { ordered: false })))).toEqual([10, 10, 20, 30]);
  });

  it("LI-3 the mapper gets the item, its task's scope and the index", async () => {
    const { run, map } = virtualRuntime();
    const mapper = (item: string, { name }: TaskScope, index: number) => [item, name, index];
    expect(await run(() => map("ab", mapper).toArray())).toEqual([
      ["a", "0", 0],
      ["b", "1", 1],
    ]);
  });

  it("LI-3 `taskName` names the tasks", async () => {
    const { run, map, inspectTasks } = virtualRuntime();
    const taskName = (item: string, index: number) => `${index}: ${item}`;
    const mapper = (_: string, { name, sleep }: TaskScope) => sleep(1).then(() => name);
    const results = await run(async () => {
      const all = map(["a", "b"], mapper, { taskName }).toArray();
      await Promise.resolve().then(() => {});
      return [inspectTasks()[0]?.children.map(({ name }) => name), await all];
    });
    expect(results).toEqual([
      ["source", "0: a", "1: b"],
      ["0: a", "1: b"],
    ]);
  });

  it("LI-3 results may be anything", async () => {
    const { run, map } = virtualRuntime();
    const values = [undefined, null, 0, "", false, () => {}];
    expect(await run(() => map(values, (value) => value).toArray())).toEqual(values);
    expect(await run(() => collect(map(values, async (value) => value)))).toEqual(values);
  });

  it("LI-3 an empty source gives nothing", async () => {
    const { run, map, inspectTasks } = virtualRuntime();
    const mapper = vi.fn();
    expect(await run(() => map([], mapper).toArray())).toEqual([]);
    expect(await run(() => collect(map([], mapper, { limit: 1, ordered: false })))).toEqual([]);
    expect([mapper.mock.calls, inspectTasks()]).toEqual([[], []]);
  });

  it("LI-3 is lazy: nothing starts before the first next()", async () => {
    const { run, map, settle, inspectTasks } = virtualRuntime();
    const { numbers, pulled } = counted(3);
    const mapper = vi.fn((n: number) => n);
    const results = map(numbers, mapper);
    await settle();
    expect([pulled.count, mapper.mock.calls, inspectTasks()]).toEqual([0, [], []]);
    expect(await run(() => collect(results))).toEqual([0, 1, 2]);
  });

  it("LI-3 concurrent next() calls are served in order, those that are too many are done", async () => {
    const { run, map } = virtualRuntime();
    const steps = await run(() => {
      const results = map([20, 10], sleepy);
      return Promise.all([results.next(), results.next(), results.next()]);
    });
    expect(steps).toEqual([{ value: 20, done: false }, { value: 10, done: false }, done]);
  });
});

describe("LI-3 items are pulled only as mappers may start", () => {
  it("LI-3 at most `limit` mappers run", async () => {
    const { run, map, now } = virtualRuntime();
    const { most, around } = gauge();
    const mapper = (ms: number, task: TaskScope) => around(() => sleepy(ms, task));
    await run(() => map([10, 10, 10, 10, 10], mapper, { limit: 2 }).toArray());
    expect([most(), now()]).toEqual([2, 30]);
  });

  it("LI-3 without `limit` all run at once", async () => {
    const { run, map, now } = virtualRuntime();
    const { most, around } = gauge();
    const items = Array.from({ length: 50 }, () => 10);
    await run(() => collect(map(items, (ms, task) => around(() => sleepy(ms, task)))));
    expect([most(), now()]).toEqual([50, 10]);
  });

  it("LI-3 an item is pulled when a slot is free, not before", async () => {
    const { run, map, sleep } = virtualRuntime();
    const { numbers, pulled } = counted(10);
    const pulls: number[] = [];
    await run(async () => {
      const all = map(numbers, (_, task) => task.sleep(10), { limit: 2 }).toArray();
      for (let n = 0; n < 3; n++) {
        await sleep(5);
        pulls.push(pulled.count);
        await sleep(5);
      }
      await all;
    });
    expect(pulls).toEqual([2, 4, 6]);
  });

  it.each([true, false])(
    "LI-3 a consumer that takes its time: `buffer` results wait, and no more are made (ordered: %s)",
    async (ordered) => {
      const { run, map, sleep } = virtualRuntime();
      const { numbers, pulled } = counted(100);
      const seen: unknown[] = [];
      await run(async () => {
        for await (const n of map(numbers, (item) => item, { limit: 3, buffer: 5, ordered })) {
          await sleep(100);
          seen.push([n, pulled.count]);
          if (n === 3) break;
        }
      });
      expect(seen).toEqual([
        [0, 6],
        [1, 7],
        [2, 8],
        [3, 9],
      ]);
    },
  );

  it("LI-3 `buffer` defaults to `limit`", async () => {
    const { run, map, sleep } = virtualRuntime();
    const { numbers, pulled } = counted(100);
    await run(async () => {
      for await (const _ of map(numbers, (item) => item, { limit: 4 })) {
        await sleep(100);
        break;
      }
    });
    expect(pulled.count).toBe(5);
  });

  it("LI-3 if ordered, a slow head holds up the rest when `buffer` results wait for it", async () => {
    const { run, map, sleep, now } = virtualRuntime();
    const { numbers, pulled } = counted(100);
    const seen = await run(async () => {
      const results = map(numbers, (n, task) => task.sleep(n === 0 ? 1000 : 1).then(() => n), { limit: 2, buffer: 4 });
      const first = results.next();
      await sleep(500);
      const before = pulled.count;
      const all = [(await first).value, (await results.next()).value];
      await results.return?.();
      return [before, all, now()];
    });
    expect(seen).toEqual([5, [0, 1], 1000]);
  });

  it("LI-3 a buffer smaller than the limit bounds how many run, too; each waiting next() allows one more", async () => {
    const { run, map } = virtualRuntime();
    const { most, around } = gauge();
    const mapper = (ms: number, task: TaskScope) => around(() => sleepy(ms, task));
    await run(() => collect(map([10, 10, 10, 10, 10, 10], mapper, { limit: 5, buffer: 1 })));
    expect(most()).toBe(2);
    const more = gauge();
    await run(() => {
      const results = map([10, 10, 10, 10, 10, 10], (ms, task) => more.around(() => sleepy(ms, task)), {
        limit: 5,
        buffer: 1,
      });
      return Promise.all([results.next(), results.next(), results.next(), results.next(), results.return?.()]);
    });
    expect(more.most()).toBe(0);
    await run(async () => {
      const results = map([10, 10, 10, 10, 10, 10], (ms, task) => more.around(() => sleepy(ms, task)), {
        limit: 5,
        buffer: 1,
      });
      await Promise.all([results.next(), results.next(), results.next()]);
      await results.return?.();
    });
    expect(more.most()).toBe(4);
  });

  it("LI-3 for toArray() only `limit` counts, also behind a slow head", async () => {
    const { run, map, now } = virtualRuntime();
    const items = [100, ...Array.from({ length: 20 }, () => 10)];
    expect(await run(() => map(items, sleepy, { limit: 3, buffer: 1 }).toArray())).toEqual(items);
    expect(now()).toBe(100);
  });

  it("LI-3 a slot is given back only when the task has really ended, with all that it opened (CA-11)", async () => {
    const { run, map, now } = virtualRuntime();
    const mapper = (_: number, { taskGroup }: TaskScope) => {
      void taskGroup(({ sleep }) => sleep(10));
    };
    await run(() => map([1, 2, 3], mapper, { limit: 1 }).toArray());
    expect(now()).toBe(30);
  });
});

describe("LI-3 memory stays flat over any length of source", () => {
  it.each([true, false])(
    "LI-3 nothing of an item is kept once its result has been taken (ordered: %s)",
    async (ordered) => {
      const { taskGroup } = virtualRuntime();
      globalThis.gc ??= await collector();
      async function* source() {
        for (let i = 0; i < 60_000; i++) yield { i };
      }
      const used: number[] = [];
      const look = (): void => {
        globalThis.gc?.();
        used.push(process.memoryUsage().heapUsed);
      };
      await taskGroup(async (group) => {
        let n = 0;
        for await (const _ of group.map(source(), async ({ i }) => ({ i }), { limit: 10, ordered })) {
          if (++n % 20_000 === 0) look();
        }
      });
      const [first = 0, , last = 0] = used;
      // A byte for each of 40,000 items would be 40 kB.
      expect(last - first).toBeLessThan(500_000);
    },
  );
});

async function collector(): Promise<NodeJS.GCFunction> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as NodeJS.GCFunction;
}

describe("LI-3 a map is iterated once", () => {
  it.each([
    [
      "two loops",
      (results: MapIterable<number>) => collect(results),
      (results: MapIterable<number>) => collect(results),
    ],
    ["toArray() twice", (results) => results.toArray(), (results) => results.toArray()],
    ["a loop, then toArray()", (results) => collect(results), (results) => results.toArray()],
    ["toArray(), then a loop", (results) => results.toArray(), (results) => collect(results)],
    ["next(), then toArray()", (results) => results.next(), (results) => results.toArray()],
    ["toArray(), then next()", (results) => results.toArray(), (results) => results.next()],
  ] satisfies readonly [string, ...((results: MapIterable<number>) => Promise<unknown>)[]][])(
    "LI-3 %s: an InvalidStateError, whether the first is over or not",
    async (_, first, second) => {
      const { run, map } = virtualRuntime();
      const errors = await run(async () => {
        const one = map([1, 2], sleepy);
        await first(one);
        const other = map([1, 2], sleepy);
        const running = first(other);
        const error = await errorOf(second(other));
        await running;
        return [await errorOf(second(one)), error];
      });
      expect(errors).toEqual([expect.any(InvalidStateError), expect.any(InvalidStateError)]);
    },
  );

  it("LI-3 one may take some by hand, and loop over the rest", async () => {
    const { run, map } = virtualRuntime();
    const all = await run(async () => {
      const iterator = map([1, 2, 3, 4], sleepy)[Symbol.asyncIterator]();
      const first = [(await iterator.next()).value, (await iterator.next()).value];
      return [first, await collect({ [Symbol.asyncIterator]: () => iterator })];
    });
    expect(all).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const results = map([1, 2, 3], sleepy);
    expect(await run(async () => [(await results.next()).value, await collect(results)])).toEqual([1, [2, 3]]);
  });
});

describe("LI-3 whatever the durations, limits and buffers", () => {
  it("LI-3 every item has its result, in order if ordered, and never are there more at work than allowed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { maxLength: 30 }),
        fc.record({
          limit: fc.constantFrom(1, 2, 5, Infinity),
          buffer: fc.constantFrom(1, 3, 7, Infinity),
          ordered: fc.boolean(),
          isAsync: fc.boolean(),
          pause: fc.constantFrom(0, 3, 30),
          array: fc.boolean(),
        }),
        async (items, { limit, buffer, ordered, isAsync, pause, array }) => {
          const { run, map, sleep, inspectTasks, timers } = virtualRuntime();
          const { most, around } = gauge();
          let taken = 0;
          let ahead = 0;
          async function* slowly() {
            for (const item of items) {
              await sleep(item % 3);
              yield item;
            }
          }
          const results = map(
            isAsync ? slowly() : items,
            (ms, task, index) => {
              ahead = Math.max(ahead, index + 1 - taken);
              return around(() => sleepy(ms, task).then(() => index));
            },
            { limit, buffer, ordered },
          );
          const indices = await run(async () => {
            if (array) return await results.toArray();
            const all: number[] = [];
            for await (const index of results) {
              taken++;
              all.push(index);
              if (pause > 0) await sleep(pause);
            }
            return all;
          });
          const sorted = ordered ? indices : [...indices].sort((a, b) => a - b);
          expect(sorted).toEqual(items.map((_, index) => index));
          expect(most()).toBeLessThanOrEqual(limit);
          // Beyond the buffer there is the one that next() takes.
          if (!array) expect(ahead).toBeLessThanOrEqual(buffer + 1);
          expect([inspectTasks(), timers()]).toEqual([[], 0]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
