import { AsyncLocalStorage } from "node:async_hooks";
import { type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { done, failuresOf } from "./combinator-fixtures.ts";
import { KINDS, recordedSource } from "./recorded-source.ts";

const boom = new Error("boom");

describe("LI-3 a source is any iterable", () => {
  async function* asynchronous() {
    yield 1;
    yield 2;
  }
  function* synchronous() {
    yield 1;
    yield 2;
  }
  it.each<[string, () => Iterable<number> | AsyncIterable<number>]>([
    ["an array", () => [1, 2]],
    ["a Set", () => new Set([1, 2])],
    ["a generator", synchronous],
    ["an async generator", asynchronous],
    ["a ReadableStream", () => ReadableStream.from([1, 2])],
    [
      "an async iterable that is a sync one too",
      () => Object.assign(asynchronous(), { [Symbol.iterator]: () => [7].values() }),
    ],
    [
      "an iterator without return()",
      () => ({ [Symbol.iterator]: () => ({ next: [1, 2].values().next.bind([1, 2].values()) }) }),
    ],
  ])("LI-3 %s", async (_, source) => {
    const { run, map } = virtualRuntime();
    expect(await run(() => map(source(), (n) => n * 10).toArray())).toEqual([10, 20]);
    expect(await run(() => map(source(), async (n) => n * 10, { limit: 1 }).toArray())).toEqual([10, 20]);
  });

  it("LI-3 a map is a source for another", async () => {
    const { run, map, now } = virtualRuntime();
    const slow = (n: number, { sleep }: TaskScope) => sleep(10).then(() => n + 1);
    const all = await run(() => map(map([1, 2, 3, 4], slow, { limit: 2 }), slow, { limit: 2 }).toArray());
    expect([all, now()]).toEqual([[3, 4, 5, 6], 30]);
  });

  it("LI-3 items are taken as they are: promises in an array aren't awaited", async () => {
    const { run, map } = virtualRuntime();
    const items = [Promise.resolve(1)];
    expect(await run(() => map(items, (item) => item === items[0]).toArray())).toEqual([true]);
  });

  it.each(KINDS)("LI-3 %s is asked for one item at a time", async (_, isAsync) => {
    const host = virtualRuntime();
    const { source, log } = recordedSource(host, { isAsync, ms: 10, length: 5 });
    const all = await host.run(() =>
      host.map(source, (n, { sleep }) => sleep(5).then(() => n), { limit: 3 }).toArray(),
    );
    expect(all).toEqual([0, 1, 2, 3, 4]);
    expect(log).toEqual(Array.from({ length: 6 }, () => ["asked", "answered"]).flat());
  });

  it('LI-3 (DX-1) the pulling is a task named "source", outside the limit', async () => {
    const { run, map, sleep, inspectTasks } = virtualRuntime();
    async function* source() {
      yield 1;
      await sleep(1000);
    }
    const tree = await run(async () => {
      const all = map(source(), (_, task) => task.sleep(1000), { limit: 1 }).toArray();
      await sleep(10);
      const seen = inspectTasks()[0];
      await all;
      return seen;
    });
    expect(tree?.state).toBe("waiting");
    expect(tree?.children.map(({ name, state }) => [name, state])).toEqual([
      ["source", "running"],
      ["0", "running"],
    ]);
  });

  it("LI-3 (CA-8) a source that is stuck is named as a straggler, and nobody else", async () => {
    const { run, map, sleep, reports } = virtualRuntime();
    async function* source() {
      await sleep(100);
      yield 1;
    }
    const error = await errorOf(run(() => map(source(), (n) => n, { timeout: 10, grace: 5 }).toArray()));
    expect((error as Error).message).toMatch(/still running: source/);
    expect(reports.map(({ tasks }) => tasks.map(({ name }) => name))).toEqual([["source"]]);
  });

  it("LI-3 (ME-14) mappers run in the async context of who began to iterate, whoever freed their slot", async () => {
    const { run, map } = virtualRuntime({ mayHaveContext: () => true });
    const storage = new AsyncLocalStorage<string>();
    const mapper = (n: number, { sleep }: TaskScope) => storage.run(`mapper ${n}`, () => sleep(n));
    const seen = await run(() =>
      storage.run("caller", () =>
        map([1, 2, 3, 4], (n, task) => [storage.getStore(), void mapper(n, task)][0], { limit: 2 }).toArray(),
      ),
    );
    expect(seen).toEqual(["caller", "caller", "caller", "caller"]);
  });
});

describe("LI-3 a source that fails", () => {
  it.each([boom, undefined])(
    "LI-3 with %s fails the map: the mappers are cancelled, what was finished is given",
    async (thrown) => {
      const { run, map, sleep } = virtualRuntime();
      async function* source() {
        yield 1;
        yield 1000;
        await sleep(10);
        throw thrown;
      }
      const states: string[] = [];
      const mapper = async (ms: number, task: TaskScope) => {
        task.onCancel(() => states.push(`${ms} cancelled`));
        await task.sleep(ms);
        return ms;
      };
      const outcomes = await run(async () => {
        const results = map(source(), mapper);
        return [await outcomeOf(results.next()), await errorOf(results.next()), await outcomeOf(results.next())];
      });
      expect(outcomes[0]).toEqual({ value: { value: 1, done: false } });
      expect(failuresOf(outcomes[1])).toEqual([[thrown, "source"]]);
      expect([outcomes[2], states]).toEqual([{ value: done }, ["1000 cancelled"]]);
    },
  );

  it.each(KINDS)("LI-3 %s that threw itself isn't closed", async (_, isAsync) => {
    const host = virtualRuntime();
    const closed = vi.fn();
    const next = () => {
      throw boom;
    };
    const source = {
      [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => ({ next, return: closed }),
    } as unknown as Iterable<number>;
    expect(failuresOf(await errorOf(host.run(() => host.map(source, (n) => n).toArray())))).toEqual([[boom, "source"]]);
    expect(closed).not.toHaveBeenCalled();
  });

  it("LI-3 one that can't be opened has failed", async () => {
    const { run, map } = virtualRuntime();
    const source = {
      [Symbol.iterator]() {
        throw boom;
      },
    };
    const error = await errorOf(run(() => map(source as never, (n) => n).toArray()));
    expect(failuresOf(error)).toEqual([[boom, "source"]]);
  });

  it("LI-3 one whose iterator doesn't give objects has failed", async () => {
    const { run, map } = virtualRuntime();
    const source = { [Symbol.asyncIterator]: () => ({ next: async () => 7 }) };
    const error = await errorOf(run(() => map(source as never, (n) => n).toArray()));
    expect(failuresOf(error)).toEqual([[expect.any(TypeError), "source"]]);
  });

  it("LI-3 a `taskName` that throws, or gives something else than a string, fails the map and closes the source", async () => {
    const bad = [
      () => {
        throw boom;
      },
      () => 7 as never,
    ];
    for (const taskName of bad) {
      const host = virtualRuntime();
      const { source, closings } = recordedSource(host, { isAsync: true });
      const error = await errorOf(host.run(() => host.map(source, (n) => n, { taskName }).toArray()));
      expect(failuresOf(error)).toEqual([[expect.any(Error), "source"]]);
      expect(closings()).toEqual(["return", "closed"]);
    }
  });
});
