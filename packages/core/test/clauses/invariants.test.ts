import { BaseExceptionGroup, type Scope, type TaskGroup, TimeoutError } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

/** What a function of a random program does. */
type Step =
  | {
      readonly kind: "work";
      readonly ms: number;
      readonly end: "return" | "throw" | "swallow" | "linger" | "linger and throw";
    }
  | {
      readonly kind: "block";
      readonly how: "failAfter" | "moveOnAfter" | "shield";
      readonly ms: number;
      readonly step: Step;
    }
  | {
      readonly kind: "group";
      readonly how: "taskGroup" | "openTaskGroup";
      readonly limit: number;
      readonly timeout: number;
      readonly failFast: boolean;
      readonly members: readonly {
        readonly step: Step;
        readonly eager: boolean;
        readonly background: boolean;
        readonly late: boolean;
      }[];
      readonly cleanups: readonly boolean[];
      readonly body: Step;
      readonly isCancelled: boolean;
    };

const { step } = fc.letrec<{ step: Step; leaf: Step; block: Step; group: Step }>((tie) => ({
  step: fc.oneof({ maxDepth: 4, depthSize: "small" }, tie("leaf"), tie("group"), tie("block")),
  leaf: fc.record({
    kind: fc.constant("work" as const),
    ms: fc.nat(30),
    end: fc.constantFrom("return", "return", "throw", "swallow", "linger", "linger and throw"),
  }),
  block: fc.record({
    kind: fc.constant("block" as const),
    how: fc.constantFrom("failAfter", "moveOnAfter", "shield"),
    ms: fc.integer({ min: 1, max: 60 }),
    step: tie("step"),
  }),
  group: fc.record({
    kind: fc.constant("group" as const),
    how: fc.constantFrom("taskGroup", "taskGroup", "openTaskGroup"),
    limit: fc.constantFrom(1, 2, 3, Infinity),
    timeout: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 60 })),
    failFast: fc.boolean(),
    members: fc.array(
      fc.record({ step: tie("step"), eager: fc.boolean(), background: fc.boolean(), late: fc.boolean() }),
      { maxLength: 4 },
    ),
    cleanups: fc.array(fc.boolean(), { maxLength: 2 }),
    body: tie("leaf"),
    isCancelled: fc.boolean(),
  }),
}));

/** Runs random programs, and counts what runs and what they threw. */
function interpreter() {
  const runtime = virtualRuntime({ mayHaveContext: () => true });
  const seen = { running: 0, thrown: [] as unknown[], overLimit: [] as string[] };
  const fail = (): never => {
    const error = new Error(`failure ${seen.thrown.length}`);
    seen.thrown.push(error);
    throw error;
  };

  const run = async (scope: Scope, task: Step): Promise<void> => {
    seen.running++;
    try {
      if (task.kind === "work") await work(scope, task);
      else if (task.kind === "group") await group(scope, task);
      else if (task.how === "shield") await scope.shield({ timeout: task.ms }, (inner) => run(inner, task.step));
      else await scope[task.how](task.ms, (inner) => run(inner, task.step));
    } finally {
      seen.running--;
    }
  };

  const work = async ({ sleep }: Scope, { ms, end }: Step & { kind: "work" }): Promise<void> => {
    if (end === "return") return sleep(ms);
    if (end === "swallow") return sleep(ms).catch(() => {});
    if (end === "throw") return sleep(ms).then(fail);
    try {
      await sleep(ms);
    } finally {
      await runtime.sleep(ms);
      if (end === "linger and throw") fail();
    }
  };

  const group = async (
    scope: Scope,
    { how, members, cleanups, body, isCancelled, ...options }: Step & { kind: "group" },
  ): Promise<void> => {
    const fill = async (inner: TaskGroup): Promise<void> => {
      let running = 0;
      for (const fails of cleanups) inner.defer(() => runtime.sleep(3).then(() => void (fails && fail())));
      for (const { step: next, late, eager, background } of members) {
        if (late) await inner.sleep(5);
        const member = async (task: Scope): Promise<void> => {
          if (!background && ++running > options.limit) seen.overLimit.push(inner.name);
          try {
            await run(task, next);
          } finally {
            if (!background) running--;
          }
        };
        inner.createTask(member, { eager, background });
      }
      await run(inner, body);
      if (isCancelled) inner.cancel();
    };
    if (how === "taskGroup") return scope.taskGroup(options, fill);
    await using open = scope.openTaskGroup(options);
    open.createTask(() => fill(open));
    await open.join();
  };

  return { ...runtime, seen, start: run };
}

function leavesOf(error: unknown): unknown[] {
  return error instanceof BaseExceptionGroup ? [...error.leaves()].map((leaf) => leaf.error) : [error];
}

describe("LC-1 (rule 0) whatever a program does", () => {
  it("LC-1 enters together, leaves together; no error is lost, none invented; nothing is left behind (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(60)),
        async (steps, abortAt) => {
          const { run, start, seen, taskGroup, sleep, inspectTasks, timers, reports } = interpreter();
          const controller = new AbortController();
          const outside = new Error("outside");
          let atEnd: unknown;
          let outcome: { value: unknown } | { error: unknown } = { value: undefined };
          const unhandled = await unhandledDuring(() =>
            run(async () => {
              const abort = abortAt === null ? undefined : sleep(abortAt).then(() => controller.abort(outside));
              outcome = await outcomeOf(
                taskGroup({ signal: controller.signal }, (group) => {
                  for (const next of steps) group.createTask((task) => start(task, next));
                  return "value";
                }),
              );
              atEnd = [seen.running, inspectTasks().length];
              await abort;
            }),
          );
          expect(atEnd).toEqual([0, 0]);
          expect([unhandled, reports, timers(), seen.overLimit]).toEqual([[], [], 0, []]);
          const came = "error" in outcome ? leavesOf(outcome.error) : [];
          const own = came.filter((error) => !(error instanceof TimeoutError) && error !== outside);
          expect(new Set(own)).toEqual(new Set(seen.thrown));
          expect(own.length).toBe(seen.thrown.length);
          if ("error" in outcome && outcome.error === outside) expect(came).toEqual([outside]);
          else expect(came).not.toContain(outside);
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);
});
