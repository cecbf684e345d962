import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

/** CA-4: AbortSignals that are handed in. */
export const outsideSignals: readonly Case[] = [
  caseOf(
    "CA-4",
    "rejects-with-the-reason",
    "drains the members of a group that is aborted from outside, then rejects with the reason itself",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = Object.freeze(new Error("stop"));
      let hasDrained = false;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        group.createTask(async (member) => {
          await trial.sleep(member, 1000).catch(() => {});
          await pause(40);
          hasDrained = true;
        });
        await pause(10);
        outside.abort(stop);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal([hasDrained, trial.clock.now()], [true, 50], "whether the member has ended, and the time at the end");
    },
  ),

  ...[null, 0, "", false].map((reason) =>
    caseOf(
      "CA-4",
      `rejects-with-${String(reason) || "empty"}`,
      `rejects with the reason of the signal, though it is ${reason === "" ? "an empty string" : String(reason)}`,
      { needs: ["option.signal"] },
      async (trial) => {
        const outside = trial.controller();
        const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask((member) => trial.sleep(member, 1000));
          await pause(10);
          outside.abort(reason);
        });
        const outcome = await trial.outcome(block);
        check("error" in outcome, "the block should reject");
        same(outcome.error, reason, "what it rejects with");
      },
    ),
  ),

  caseOf(
    "CA-4",
    "abort-without-reason",
    "rejects with the platform's own AbortError after abort() without a reason",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        await pause(10);
        outside.abort(undefined);
        await trial.sleep(group, 1);
      });
      same(await rejectionOf(block, "the block"), outside.signal.reason, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-4",
    "thenable-reason",
    "hands on a reason that is a thenable, without calling its then()",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let called = 0;
      const reason = { then: () => void called++ };
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask((member) => trial.sleep(member, 1000));
        setTimeout(() => outside.abort(reason), 5);
      });
      const outcome = await trial.outcome(block);
      check("error" in outcome && outcome.error === reason, "the block should reject with the reason");
      equal(called, 0, "the calls of then()");
    },
  ),

  caseOf(
    "CA-4",
    "group-as-reason",
    "hands on a reason that is an AggregateError, as it is",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const reason = new AggregateError([new Error("a"), new Error("b")], "shutting down");
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask((member) => trial.sleep(member, 1000));
        setTimeout(() => outside.abort(reason), 5);
      });
      same(await rejectionOf(block, "the block"), reason, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-4",
    "aborted-before",
    "with a signal that is aborted already, the body runs in a cancelled scope and no member starts",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      outside.abort(stop);
      const seen: string[] = [];
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        seen.push(trial.isCancelled(group) ? "cancelled" : "live");
        group.createTask(() => void seen.push("member"));
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal(seen, ["cancelled"], "the body's scope, and what ran");
    },
  ),

  caseOf(
    "CA-4",
    "aborted-before-eager",
    "with a signal that is aborted already, no eager member starts",
    { needs: ["option.signal", "task option.eager"] },
    async (trial) => {
      const outside = trial.controller();
      outside.abort(null);
      let hasRun = false;
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask(() => void (hasRun = true), { eager: true });
      });
      const outcome = await trial.outcome(block);
      check("error" in outcome && outcome.error === null, "the block should reject with null");
      check(!hasRun, "the member should not run");
    },
  ),

  caseOf(
    "CA-4",
    "no-signal",
    "a signal of null or undefined is no signal",
    { needs: ["option.signal"] },
    async (trial) => {
      equal(await trial.api.taskGroup({ signal: null }, () => 7), 7, "the value with null");
      equal(await trial.api.taskGroup({ signal: undefined }, () => 8), 8, "the value with undefined");
    },
  ),

  caseOf(
    "CA-4",
    "after-the-end",
    "an abort after the end changes nothing",
    { needs: ["option.signal", "scope.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let signal!: AbortSignal;
      const value = await trial.api.taskGroup({ signal: outside.signal }, (group) => {
        ({ signal } = group);
        return 7;
      });
      outside.abort(new Error("late"));
      equal([value, signal.aborted], [7, false], "the value, and whether the group's signal is aborted");
    },
  ),

  caseOf(
    "CA-4",
    "composite-signal",
    "takes a signal that AbortSignal.any() made of others",
    { needs: ["option.signal"] },
    async (trial) => {
      if (!("any" in AbortSignal)) return trial.skip("the host has no AbortSignal.any()");
      const [first, second] = [trial.controller(), trial.controller()];
      const stop = new Error("stop");
      const signal = AbortSignal.any([first.signal, second.signal]);
      const block = trial.api.taskGroup({ signal }, (group) => {
        setTimeout(() => second.abort(stop), 5);
        return trial.sleep(group, 1000);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-4",
    "shared-signal",
    "one signal cancels every group that it was handed to",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const wait = (group: TaskGroup): Promise<void> => trial.sleep(group, 1000);
      const blocks = [1, 2, 3].map(() => trial.outcome(trial.api.taskGroup({ signal: outside.signal }, wait)));
      await pause(5);
      outside.abort(stop);
      for (const outcome of await Promise.all(blocks))
        check("error" in outcome && outcome.error === stop, "each rejects");
      equal(trial.clock.now(), 5, "the time at the end");
    },
  ),

  caseOf(
    "CA-4",
    "nested-own-signal",
    "a nested group takes a signal of its own, beside its parent's cancellation",
    { needs: ["option.signal", "scope.taskGroup"] },
    async (trial) => {
      const own = trial.controller();
      const outside = trial.controller();
      const ends: unknown[] = [];
      const block = trial.api.taskGroup({ signal: outside.signal }, async (outer) => {
        const wait = (inner: TaskGroup): Promise<void> => trial.sleep(inner, 1000);
        setTimeout(() => own.abort("own"), 5);
        ends.push(await rejectionOf(outer.taskGroup({ signal: own.signal }, wait), "the first inner block"));
        setTimeout(() => outside.abort("outer"), 5);
        const other = trial.controller();
        ends.push(await rejectionOf(outer.taskGroup({ signal: other.signal }, wait), "the second inner block"));
      });
      equal(await rejectionOf(block, "the block"), "outer", "what the block rejects with");
      equal(ends, ["own", "outer"], "what the inner blocks reject with");
    },
  ),
];
