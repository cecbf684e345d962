import { BaseExceptionGroup, type Settled, type TaskScope, TimeoutError } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

/** What a function does. */
interface Work {
  readonly ms: number;
  readonly end: "return" | "throw" | "swallow" | "linger" | "linger and throw";
}

/** How a program uses a combinator. */
interface Use {
  readonly works: readonly Work[];
  readonly how: "gather" | "settled" | "firstSuccess" | "asCompleted" | "map" | "unordered map" | "toArray";
  readonly limit: number;
  readonly timeout: number;
  readonly abortAt: number | null;
  /** After so many results the loop is left: by `break`, by an error, or by the end of the function that held the iterator. */
  readonly leaveAfter: number;
  readonly leave: "break" | "throw" | "end";
  readonly pause: number;
  /** The source of a map: takes so many ms an item; fails or is slow to close. */
  readonly source: { readonly ms: number; readonly fails: boolean; readonly closing: "quick" | "slow" | "fails" };
}

const use: fc.Arbitrary<Use> = fc.record({
  works: fc.array(
    fc.record({
      ms: fc.nat(30),
      end: fc.constantFrom("return", "return", "return", "throw", "swallow", "linger", "linger and throw"),
    }),
    { maxLength: 7 },
  ),
  how: fc.constantFrom("gather", "settled", "firstSuccess", "asCompleted", "map", "unordered map", "toArray"),
  limit: fc.constantFrom(1, 2, 3, Infinity),
  timeout: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 60 })),
  abortAt: fc.option(fc.nat(60)),
  leaveAfter: fc.oneof(fc.constant(Infinity), fc.nat(4)),
  leave: fc.constantFrom("break", "throw", "end"),
  pause: fc.constantFrom(0, 0, 7, 40),
  source: fc.record({
    ms: fc.nat(5),
    fails: fc.boolean(),
    closing: fc.constantFrom("quick", "slow", "fails"),
  }),
});

/** Runs such a program; keeps what was thrown when, and what came out where. */
function interpreter({ works, how, limit, timeout, abortAt, leaveAfter, leave, pause, source }: Use) {
  const runtime = virtualRuntime();
  const { sleep } = runtime;
  const { signal, abort, listening } = watchedSignal();
  const outside = new Error("outside");
  const left = new Error("left");
  const seen = {
    running: 0,
    most: 0,
    thrown: [] as unknown[],
    given: [] as unknown[],
    pulling: 0,
    won: false,
    isDone: false,
  };
  const fail = (): never => {
    const error = new Error(`failure ${seen.thrown.length}`);
    // Of a race, failures before its end are nobody's.
    const isExpected = how === "firstSuccess" && !seen.won && !signal.aborted;
    if (!isExpected) seen.thrown.push(error);
    throw error;
  };

  const work = async ({ ms, end }: Work, task: TaskScope): Promise<number> => {
    seen.most = Math.max(seen.most, ++seen.running);
    try {
      if (end === "swallow") await task.sleep(ms).catch(() => {});
      else if (end === "return") await task.sleep(ms);
      else if (end === "throw") await task.sleep(ms).then(fail);
      else
        await linger(task.sleep(ms), async () => {
          await sleep(ms);
          if (end === "linger and throw") fail();
        });
      if (!task.isCancelled()) seen.won = true;
      return ms;
    } finally {
      seen.running--;
    }
  };

  async function* items(): AsyncGenerator<Work> {
    let isDone = false;
    try {
      for (const item of works) {
        expect(++seen.pulling).toBe(1);
        await sleep(source.ms);
        seen.pulling--;
        yield item;
      }
      isDone = true;
      if (source.fails) fail();
    } finally {
      if (!isDone && source.closing !== "quick") await sleep(9);
      if (!isDone && source.closing === "fails") fail();
    }
  }

  const fns = works.map((item) => (task: TaskScope) => work(item, task));
  const options = { limit, timeout, signal };
  const results = (scope: TaskScope): AsyncIterableIterator<Settled<number> | number> =>
    how === "asCompleted"
      ? scope.asCompleted(fns, options)
      : scope.map(items(), work, { ...options, ordered: how === "map" });

  const take = (result: Settled<number> | number): void => {
    seen.given.push(result);
  };

  const iterate = async (scope: TaskScope): Promise<void> => {
    if (leave === "end") {
      const iterator = results(scope);
      for (let n = 0; n < leaveAfter; n++) {
        const step = await iterator.next();
        if (step.done) return void (seen.isDone = true);
        take(step.value);
        await sleep(pause);
      }
      return;
    }
    let n = 0;
    for await (const result of results(scope)) {
      take(result);
      if (pause > 0) await sleep(pause);
      if (++n >= leaveAfter && leave === "break") return;
      if (n >= leaveAfter) throw left;
    }
    seen.isDone = true;
  };

  const call = async (scope: TaskScope): Promise<unknown> => {
    switch (how) {
      case "gather":
        return await scope.gather(fns, options);
      case "settled":
        return seen.given.push(...(await scope.gather(fns, { ...options, settled: true })));
      case "firstSuccess":
        return fns.length === 0 ? 0 : await scope.firstSuccess(fns, options);
      case "toArray":
        seen.given.push(...(await scope.map(items(), work, options).toArray()));
        return (seen.isDone = true);
      default:
        return await iterate(scope);
    }
  };

  return { ...runtime, seen, call, abortAt, abort: () => abort(outside), listening, outside, left };
}

function leavesOf(error: unknown): unknown[] {
  return error instanceof BaseExceptionGroup ? [...error.leaves()].map((leaf) => leaf.error) : [error];
}

describe("CO (rule 0) whatever a combinator is used for", () => {
  it("CO enters together, leaves together; no error is lost, none invented; nothing is left behind (property)", async () => {
    await fc.assert(
      fc.asyncProperty(use, async (program) => {
        const { run, taskGroup, sleep, seen, call, abortAt, abort, ...host } = interpreter(program);
        let outcome: { value: unknown } | { error: unknown } = { value: undefined };
        let atEnd: unknown;
        const unhandled = await unhandledDuring(() =>
          run(async () => {
            const aborted = abortAt === null ? undefined : sleep(abortAt).then(abort);
            await taskGroup(async (group) => {
              const task = group.createTask((scope) => call(scope).catch((error: unknown) => ({ error })));
              const result = (await task) as typeof outcome;
              if (typeof result === "object" && "error" in result) outcome = result;
            });
            atEnd = [seen.running, seen.pulling, host.inspectTasks().length];
            await aborted;
          }),
        );
        expect(atEnd).toEqual([0, 0, 0]);
        expect([unhandled, host.timers(), host.listening()]).toEqual([[], 0, 0]);
        expect(seen.most).toBeLessThanOrEqual(program.limit);
        // A part never passes for the whole.
        if (seen.isDone) expect(seen.given.length).toBe(program.works.length);
        const given = seen.given.flatMap((result) =>
          typeof result === "object" && "reason" in (result as object) ? (result as PromiseRejectedResult).reason : [],
        );
        const out = "error" in outcome ? leavesOf(outcome.error) : [];
        const reports = host.reports.flatMap((report) => leavesOf(report.error));
        const own = new Set([...given, ...out, ...reports].filter((error) => !(error instanceof TimeoutError)));
        own.delete(host.outside);
        own.delete(host.left);
        // A race that nobody won gives what it would have kept for itself.
        const isLostRace = program.how === "firstSuccess" && out.length > 0;
        if (!isLostRace) expect(own).toEqual(new Set(seen.thrown));
        else for (const error of seen.thrown) expect(own).toContain(error);
        // What comes out of a block isn't reported as well, save what a loop's own error might hide.
        if (!["asCompleted", "map", "unordered map"].includes(program.how)) {
          for (const error of out) expect(reports).not.toContain(error);
        }
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});

describe("LC-7 a combinator that is done keeps nothing of its functions", () => {
  it.each(["gather", "firstSuccess", "asCompleted", "map", "toArray"] as const)(
    "LC-7 %s: a scope that somebody keeps doesn't keep them alive",
    async (how) => {
      const host = virtualRuntime();
      const once = async (): Promise<{ scope: TaskScope; ref: WeakRef<object> }> => {
        let scope!: TaskScope;
        const captured = { big: "object" };
        const fn = (task: TaskScope) => {
          scope = task;
          return captured.big.length;
        };
        await host.run(async () => {
          if (how === "gather") await host.gather([fn]);
          else if (how === "firstSuccess") await host.firstSuccess([fn]);
          else if (how === "toArray") await host.map([captured], (_, task) => fn(task)).toArray();
          else if (how === "map") for await (const _ of host.map([captured], (_item, task) => fn(task)));
          else for await (const _ of host.asCompleted([fn]));
        });
        return { scope, ref: new WeakRef(captured) };
      };
      const { scope, ref } = await once();
      expect(await isCollected(ref)).toBe(true);
      expect(scope.name).toBe("0");
    },
  );

  it("FF-5 map: the scope of a mapper that somebody keeps doesn't keep what toArray() gave alive", async () => {
    const host = virtualRuntime();
    const once = async (): Promise<{ scope: TaskScope; ref: WeakRef<object> }> => {
      let scope!: TaskScope;
      const mapper = (n: number, task: TaskScope): object => {
        if (n === 1) scope = task;
        return { n };
      };
      const [, second] = await host.run(() => host.map([1, 2], mapper).toArray());
      return { scope, ref: new WeakRef(second as object) };
    };
    const { scope, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect(scope.name).toBe("0");
  });

  it("FF-5 firstSuccess: the scope of a loser that somebody keeps doesn't keep the winner's value alive", async () => {
    const host = virtualRuntime();
    const once = async (): Promise<{ scope: TaskScope; ref: WeakRef<object> }> => {
      let scope!: TaskScope;
      const winner = await host.run(() =>
        host.firstSuccess([
          async (task): Promise<object> => {
            scope = task;
            await task.sleep(1000);
            return {};
          },
          async () => ({ big: "object" }),
        ]),
      );
      expect(winner).toEqual({ big: "object" });
      // V8 keeps the frames of an error, with their variables, until somebody reads its stack.
      expect((scope.reason as Error).stack).toBeTypeOf("string");
      return { scope, ref: new WeakRef(winner) };
    };
    const { scope, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect(scope.isCancelled()).toBe(true);
  });
});
