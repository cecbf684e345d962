import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { type TaskScope, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { failuresOf } from "./combinator-fixtures.ts";

const boom = new Error("boom");

type Host = ReturnType<typeof virtualRuntime>;

/** Sources that give one item and then nothing: an idle connection. `isClosed` tells whether they have been given up. */
const quiet: readonly [kind: string, open: () => { source: AsyncIterable<unknown>; isClosed: () => boolean }][] = [
  [
    "a web stream",
    () => {
      const cancel = vi.fn<() => void>();
      const source = new ReadableStream({ start: (controller) => controller.enqueue(1), cancel });
      return { source, isClosed: () => cancel.mock.calls.length === 1 && !source.locked };
    },
  ],
  [
    "a web stream of bytes",
    () => {
      const cancel = vi.fn<() => void>();
      const start = (controller: ReadableByteStreamController) => controller.enqueue(new Uint8Array(1));
      const source = new ReadableStream({ type: "bytes", start, cancel });
      return { source, isClosed: () => cancel.mock.calls.length === 1 && !source.locked };
    },
  ],
  [
    "a web stream that can't be iterated, as Safari's",
    () => {
      const cancel = vi.fn<() => void>();
      const source = new ReadableStream({ start: (controller) => controller.enqueue(1), cancel });
      Object.defineProperty(source, Symbol.asyncIterator, { value: undefined });
      return { source, isClosed: () => cancel.mock.calls.length === 1 && !source.locked };
    },
  ],
  [
    "a stream of Node's",
    () => {
      const source = new Readable({ objectMode: true, read() {} });
      source.push(1);
      return { source, isClosed: () => source.destroyed };
    },
  ],
];

const identity = (item: unknown) => item;

const leaving: readonly [how: string, leave: (host: Host, source: AsyncIterable<unknown>) => Promise<unknown>][] = [
  [
    "break",
    async ({ map }, source) => {
      for await (const _ of map(source, identity, { limit: 2 })) break;
    },
  ],
  [
    "a throw in the loop",
    async ({ map }, source) => {
      for await (const _ of map(source, identity)) throw boom;
    },
  ],
  ["its deadline", ({ map }, source) => map(source, identity, { limit: 1, timeout: 20 }).toArray()],
  ["a failing mapper", ({ map }, source) => map(source, () => Promise.reject(boom), { limit: 2 }).toArray()],
  [
    "the deadline of the group around it",
    ({ taskGroup }, source) => taskGroup({ timeout: 20 }, (group) => group.map(source, identity).toArray()),
  ],
];

describe("LI-3 a source that has gone quiet is left at once, and closed", () => {
  it.each(leaving.flatMap(([how, leave]) => quiet.map(([kind, open]) => [kind, how, open, leave] as const)))(
    "LI-3 %s, after %s",
    async (_kind, how, open, leave) => {
      const host = virtualRuntime();
      const { source, isClosed } = open();
      const outcome = await host.run(() => outcomeOf(leave(host, source)));
      const error = "error" in outcome ? outcome.error : undefined;
      expect("error" in outcome).toBe(how !== "break");
      if (how.includes("deadline")) expect(error).toBeInstanceOf(TimeoutError);
      if (how.includes("mapper")) expect(failuresOf(error)).toEqual([[boom, "0"]]);
      expect([isClosed(), host.reports, host.inspectTasks(), host.timers()]).toEqual([true, [], [], 0]);
    },
  );

  it("LI-3 a web stream's items come in order, and it is given back at its end", async () => {
    const { run, map } = virtualRuntime();
    const source = ReadableStream.from([1, 2, 3]);
    expect(await run(() => map(source, identity, { limit: 2 }).toArray())).toEqual([1, 2, 3]);
    expect(source.locked).toBe(false);
  });

  it("LI-3 what a web stream fails with is the source's failure", async () => {
    const { run, map } = virtualRuntime();
    const source = new ReadableStream({ pull: (controller) => controller.error(boom) });
    const error = await errorOf(run(() => map(source, identity).toArray()));
    expect(failuresOf(error)).toEqual([[boom, "source"]]);
    expect(source.locked).toBe(false);
  });

  it("LI-3 what a stream of Node's fails with while it is being left is the source's failure", async () => {
    const { run, map } = virtualRuntime();
    const source = new Readable({ objectMode: true, read() {}, destroy: (_, done) => done(boom) });
    source.push(1);
    const error = await errorOf(run(() => map(source, identity, { timeout: 20 }).toArray()));
    expect(failuresOf(error)).toEqual([[boom, "source"]]);
  });

  it("LI-3 a stream that somebody reads already is refused by the map", async () => {
    const { run, map } = virtualRuntime();
    const source = new ReadableStream();
    source.getReader();
    const error = await errorOf(run(() => map(source, identity).toArray()));
    expect(failuresOf(error)).toMatchObject([[expect.any(TypeError), "source"]]);
  });
});

describe("LI-3 a source may be a function, which gets the scope of the task that pulls", () => {
  async function* poll({ sleep }: TaskScope) {
    try {
      for (let n = 1; ; n *= 100) {
        await sleep(n);
        yield n;
      }
    } finally {
      closed();
    }
  }
  const closed = vi.fn<() => void>();

  it("LI-3 so that what it waits for ends with the map", async () => {
    const { run, map, now } = virtualRuntime();
    const seen: number[] = [];
    const error = await errorOf(
      run(async () => {
        for await (const n of map(poll, (item) => item, { timeout: 500 })) seen.push(n);
      }),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect([seen, now(), closed.mock.calls.length]).toEqual([[1, 100], 500, 1]);
  });

  it("LI-3 it isn't called before the first next(), and what it throws is the source's failure", async () => {
    const { run, map } = virtualRuntime();
    const source = vi.fn<(task: TaskScope) => number[]>(() => {
      throw boom;
    });
    const results = map(source, (item) => item);
    expect(source).not.toHaveBeenCalled();
    expect(failuresOf(await errorOf(run(() => results.toArray())))).toEqual([[boom, "source"]]);
  });

  it("LI-3 one that gives nothing to iterate is a TypeError", async () => {
    const { run, map } = virtualRuntime();
    const source = (() => 5) as unknown as () => number[];
    const error = await errorOf(run(() => map(source, (item) => item).toArray()));
    expect(failuresOf(error)).toMatchObject([[expect.any(TypeError), "source"]]);
  });
});

describe("ME-14 a mapper can't change the async context of another", () => {
  it.each([1, 2, Infinity])("ME-14 by enterWith(), with a limit of %s", async (limit) => {
    const { run, map } = virtualRuntime({ mayHaveContext: () => true });
    const storage = new AsyncLocalStorage<string>();
    const mapper = (n: number) => {
      const store = storage.getStore();
      storage.enterWith(`mapper ${n}`);
      return store;
    };
    const seen = await run(() => storage.run("base", () => map([1, 2, 3], mapper, { limit }).toArray()));
    expect(seen).toEqual(["base", "base", "base"]);
  });

  it("ME-2 a mapper whose map was cancelled before its turn never runs", async () => {
    const { run, map } = virtualRuntime({ mayHaveContext: () => true });
    const seen: number[] = [];
    const mapper = (n: number) => {
      seen.push(n);
      if (n === 1) throw boom;
    };
    await run(() => errorOf(map([1, 2, 3], mapper).toArray()));
    expect(seen[0]).toBe(1);
    const { run: runAgain, map: mapAgain } = virtualRuntime({ mayHaveContext: () => true });
    const controller = new AbortController();
    const late = vi.fn<(n: number) => void>();
    await runAgain(async () => {
      const results = mapAgain([1], late, { signal: controller.signal });
      const next = errorOf(results.next());
      await Promise.resolve();
      controller.abort(boom);
      await next;
    });
    expect(late).not.toHaveBeenCalled();
  });
});
