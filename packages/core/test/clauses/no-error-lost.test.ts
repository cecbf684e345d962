import { BaseExceptionGroup, KeyboardInterrupt, type Scope, type TaskGroup, TimeoutError } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

/** What a function does: after a delay it returns, throws or goes on in a group of its own; and what it does when cancelled. */
interface Plan {
  readonly delay: number;
  readonly end: "return" | "throw" | "interrupt" | "group";
  readonly onCancel: "let go" | "throw" | "swallow" | "clean up" | "fail to clean up";
  readonly group: GroupPlan;
}

interface GroupPlan {
  readonly members: readonly Plan[];
  readonly body: Plan;
  readonly failFast: boolean;
  readonly timeout: number | undefined;
  readonly cleanup: "none" | "works" | "throws";
}

const leafPlan = (end: readonly Plan["end"][], group: fc.Arbitrary<GroupPlan>): fc.Arbitrary<Plan> =>
  fc.record({
    delay: fc.nat({ max: 5 }),
    end: fc.constantFrom(...end),
    onCancel: fc.constantFrom("let go", "throw", "swallow", "clean up", "fail to clean up"),
    group,
  });

const groupPlan = (plan: fc.Arbitrary<Plan>): fc.Arbitrary<GroupPlan> =>
  fc.record({
    members: fc.array(plan, { maxLength: 3 }),
    body: plan,
    failFast: fc.boolean(),
    timeout: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 3 }),
    cleanup: fc.constantFrom("none", "works", "throws"),
  });

const empty = fc.constant(undefined as unknown as GroupPlan);
const ends = ["return", "throw", "interrupt"] as const;
const inner = groupPlan(leafPlan(ends, empty));
const middle = groupPlan(leafPlan([...ends, "group", "group"], inner));
const outer = groupPlan(leafPlan([...ends, "group", "group", "group"], middle));

/** Carries a plan out, and notes each error as it is thrown. */
function actor(thrown: Set<unknown>) {
  const fail = (error: Error): never => {
    thrown.add(error);
    throw error;
  };
  const act = async (scope: Scope, plan: Plan): Promise<unknown> => {
    try {
      await scope.sleep(plan.delay);
    } catch (reason) {
      if (!scope.isCancellation(reason)) throw reason;
      if (plan.onCancel === "let go") throw reason;
      if (plan.onCancel === "throw") return fail(new Error("on cancel"));
      if (plan.onCancel === "swallow") return "swallowed";
      await scope.shield(({ sleep }) => sleep(plan.delay));
      if (plan.onCancel === "fail to clean up") return fail(new Error("in cleanup", { cause: reason }));
      throw reason;
    }
    if (plan.end === "throw") return fail(new Error("thrown"));
    if (plan.end === "interrupt") return fail(new KeyboardInterrupt("thrown"));
    return plan.end === "group" ? scope.taskGroup(options(plan.group), (group) => fill(group, plan.group)) : "value";
  };
  const fill = (group: TaskGroup, plan: GroupPlan): Promise<unknown> => {
    for (const member of plan.members) group.createTask((task) => act(task, member));
    if (plan.cleanup !== "none") group.defer(() => void (plan.cleanup === "throws" && fail(new Error("cleanup"))));
    return act(group, plan.body);
  };
  return fill;
}

const options = ({ failFast, timeout }: GroupPlan) => ({ failFast, timeout });

/** The leaves of an error, but for what the library made itself: an expired deadline is a failure that nobody threw. */
function leavesOf(error: unknown): unknown[] {
  if (error instanceof TimeoutError) return [];
  return error instanceof BaseExceptionGroup ? error.errors.flatMap(leavesOf) : [error];
}

describe("section 0, rule 2: no error is lost, none is invented", () => {
  it("rule 2 in any tree of groups, what was thrown is what comes out or is reported, each once", async () => {
    await fc.assert(
      fc.asyncProperty(outer, fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }), async (plan, abortAt) => {
        const { run, taskGroup, sleep, reports, inspectTasks, timers } = virtualRuntime();
        const thrown = new Set<unknown>();
        const outside = new AbortController();
        const reason = new Error("outside");
        let outcome: { value: unknown } | { error: unknown } = { value: undefined };
        const unhandled = await unhandledDuring(() =>
          run(async () => {
            if (abortAt !== undefined) void sleep(abortAt).then(() => outside.abort(reason));
            outcome = await outcomeOf(
              taskGroup({ ...options(plan), signal: outside.signal }, (group) => actor(thrown)(group, plan)),
            );
          }),
        );
        const out = "error" in outcome && outcome.error !== reason ? leavesOf(outcome.error) : [];
        const seen = [...out, ...reports.flatMap((report) => leavesOf(report.error))];
        expect(new Set(seen)).toEqual(thrown);
        expect(seen.length).toBe(thrown.size);
        expect(unhandled).toEqual([]);
        expect(inspectTasks()).toEqual([]);
        expect(timers()).toBe(abortAt !== undefined && !outside.signal.aborted ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });
});
