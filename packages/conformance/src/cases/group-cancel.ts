import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";
import { withCleanup } from "./with-cleanup.ts";

/** CA-6: a group that ends early. */
export const groupCancel: readonly Case[] = [
  caseOf(
    "CA-6",
    "value",
    "cancel() ends the group early, and the block settles with the body's value",
    { needs: ["group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup(async (group) => {
        group.createTask((member) => trial.sleep(member, 1000));
        await pause(5);
        group.cancel();
        return 7;
      });
      equal([value, trial.clock.now()], [7, 5], "the value, and the time at the end");
    },
  ),

  caseOf(
    "CA-6",
    "drains",
    "after cancel() the members are drained before the block settles",
    { needs: ["group.cancel"] },
    async (trial) => {
      let hasDrained = false;
      await trial.api.taskGroup(async (group) => {
        group.createTask(async (member) => {
          await trial.sleep(member, 1000).catch(() => {});
          await pause(40);
          hasDrained = true;
        });
        await pause(5);
        group.cancel();
      });
      equal([hasDrained, trial.clock.now()], [true, 45], "whether the member has ended, and the time at the end");
    },
  ),

  caseOf(
    "CA-6",
    "undefined",
    "the value is undefined if the body ended by that cancellation",
    { needs: ["group.cancel"] },
    async (trial) => {
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(() => group.cancel("enough"));
        await trial.sleep(group, 1000);
        return 7;
      });
      equal(await trial.outcome(block), { value: undefined }, "the outcome");
    },
  ),

  caseOf(
    "CA-6",
    "until-next-wait",
    "the body runs on until its next wait",
    { needs: ["group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        trial.say("cancelled");
        await trial.sleep(group, 1);
        trial.say("waited");
      });
      equal(trial.log, ["0 cancelled"], "what the body did");
    },
  ),

  caseOf(
    "CA-6",
    "failure-before",
    "a failure before cancel() comes out all the same",
    { needs: ["group.cancel"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(() => Promise.reject(boom));
        await pause(5);
        group.cancel();
      });
      same(errorsOf(await rejectionOf(block, "the block"))[0], boom, "the error in the group");
    },
  ),

  caseOf(
    "CA-6",
    "failure-while-draining",
    "a failure of a member's cleanup comes out all the same",
    { needs: ["group.cancel"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup(async (group) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(boom)));
        await pause(5);
        group.cancel();
        return 7;
      });
      same(errorsOf(await rejectionOf(block, "the block"))[0], boom, "the error in the group");
    },
  ),

  caseOf(
    "CA-6",
    "body-fails-after",
    "an error that the body throws after cancel() comes out",
    { needs: ["group.cancel"] },
    async (trial) => {
      const block = trial.api.taskGroup((group) => {
        group.cancel();
        throw undefined;
      });
      equal(errorsOf(await rejectionOf(block, "the block")), [undefined], "what is in the group");
    },
  ),

  caseOf(
    "CA-6",
    "queued-never-start",
    "members that haven't started never run after cancel()",
    { needs: ["group.cancel"] },
    async (trial) => {
      let ran = 0;
      await trial.api.taskGroup((group) => {
        for (let n = 0; n < 3; n++) group.createTask(() => void ran++);
        group.cancel();
      });
      equal(ran, 0, "the members that ran");
    },
  ),

  caseOf(
    "CA-6",
    "before-first-wait",
    "a member that calls cancel() before its first wait is cancelled as well",
    { needs: ["group.cancel"] },
    async (trial) => {
      let hasWaited = false;
      await trial.api.taskGroup((group) => {
        group.createTask(async (member) => {
          group.cancel();
          await trial.sleep(member, 1000);
          hasWaited = true;
        });
      });
      check(!hasWaited, "its wait should fail");
      equal(trial.clock.now(), 0, "the time at the end");
    },
  ),

  caseOf(
    "CA-6",
    "after-the-end",
    "cancel() after the end does nothing",
    { needs: ["group.cancel", "scope.signal"] },
    async (trial) => {
      let kept!: TaskGroup;
      let signal!: AbortSignal;
      await trial.api.taskGroup((group) => {
        kept = group;
        ({ signal } = group);
      });
      kept.cancel(new Error("late"));
      equal(signal.aborted, false, "whether the group's signal is aborted");
    },
  ),

  caseOf(
    "CA-6",
    "from-a-cleanup",
    "cancel() in a cleanup doesn't change the value any more",
    { needs: ["group.cancel", "group.defer"] },
    async (trial) => {
      const value = await trial.api.taskGroup((group) => {
        group.defer(() => group.cancel());
        return 7;
      });
      equal(value, 7);
    },
  ),

  caseOf("CA-6", "destructured", "cancel() works destructured", { needs: ["group.cancel"] }, async (trial) => {
    await trial.api.taskGroup(({ cancel, createTask }) => {
      createTask((member) => trial.sleep(member, 1000));
      cancel();
    });
    equal(trial.clock.now(), 0, "the time at the end");
  }),

  caseOf(
    "CA-6",
    "outer-from-inner",
    "cancel() of an outer group called in an inner one drains both, and the outer block gives undefined",
    { needs: ["group.cancel", "option.signal"] },
    async (trial) => {
      let isAfter = false;
      const block = trial.api.taskGroup(async (outer) => {
        await trial.nested(outer, (inner: TaskGroup) => {
          inner.createTask((member) => trial.sleep(member, 5).then(() => outer.cancel()));
          inner.createTask((member) => withCleanup(trial.sleep(member, 1000), () => pause(20)));
        });
        isAfter = true;
      });
      equal(await trial.outcome(block), { value: undefined }, "the outcome");
      equal([isAfter, trial.clock.now()], [false, 25], "whether the body went on, and the time at the end");
    },
  ),
];
