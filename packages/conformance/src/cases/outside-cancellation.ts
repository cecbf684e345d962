import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, rejectionOf, same, equal } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";

/** CA-7: an outside cancellation is never lost. */
export const outsideCancellation: readonly Case[] = [
  caseOf(
    "CA-7",
    "swallowed",
    "an outside cancellation comes out though the body swallows it and gives a value",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        outside.abort(stop);
        await trial.sleep(group, 1).catch(() => {});
        return 7;
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-7",
    "after-group-cancel",
    "an outside cancellation after cancel() comes out",
    { needs: ["option.signal", "group.cancel"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        group.cancel();
        await pause(5);
        outside.abort(stop);
        return 7;
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-7",
    "after-the-body",
    "an outside cancellation comes out that came while the last member was draining after the body's end",
    { needs: ["option.signal", "group.cancel"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask(async () => {
          await pause(5);
          group.cancel();
          await pause(5);
          outside.abort(stop);
          await pause(5);
        });
        return 7;
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal(trial.clock.now(), 15, "the time at the end");
    },
  ),

  caseOf(
    "CA-7",
    "after-deadline",
    "an outside cancellation after a deadline comes out instead of the TimeoutError",
    { needs: ["option.signal", "option.timeout"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal, timeout: 5 }, async (group) => {
        await trial.sleep(group, 1000).catch(() => {});
        outside.abort(stop);
        await trial.sleep(group, 1);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-7",
    "cause-of-failures",
    "where failures win, the outside reason is the cause of their group, null too",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(boom)));
        await pause(5);
        outside.abort(null);
      });
      const error = await rejectionOf(block, "the block");
      same(errorsOf(error)[0], boom, "the error in the group");
      check(Object.hasOwn(error as object, "cause"), "the group should have a cause");
      same((error as Error).cause, null, "its cause");
    },
  ),

  caseOf(
    "CA-7",
    "caught-inner-error",
    "catching what an inner group threw leaves the outer scope cancelled",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let next: unknown;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (outer) => {
        const inner = trial.nested(outer, (group: TaskGroup) => {
          group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(new Error("boom"))));
          group.createTask((member) => trial.sleep(member, 5).then(() => outside.abort(stop)));
        });
        await rejectionOf(inner, "the inner block");
        next = await rejectionOf(trial.sleep(outer, 1), "the next wait");
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      same(next, stop, "what the next wait rejected with");
    },
  ),

  caseOf(
    "CA-7",
    "three-deep",
    "an outside cancellation goes through three groups that have all been cancelled before",
    { needs: ["option.signal", "group.cancel", "scope.taskGroup"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let ofMiddle: unknown;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (a) => {
        const ofB = a.taskGroup(async (b) => {
          b.cancel();
          const ofC = b.taskGroup((c) => {
            c.cancel();
            outside.abort(stop);
          });
          await rejectionOf(ofC, "the innermost block");
        });
        ofMiddle = await rejectionOf(ofB, "the middle block");
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      same(ofMiddle, stop, "what the middle block rejected with");
    },
  ),

  caseOf(
    "CA-7",
    "inner-cancel",
    "cancel() of an inner group doesn't take the outer cancellation away",
    { needs: ["option.signal", "group.cancel"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, async (outer) => {
        const inner = trial.nested(outer, (group: TaskGroup) => {
          outside.abort(stop);
          group.cancel();
        });
        await trial.outcome(inner);
        check(trial.isCancelled(outer), "the outer scope should be cancelled");
        return 7;
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),
];
