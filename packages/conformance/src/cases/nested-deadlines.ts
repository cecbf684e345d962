import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";
import { withCleanup } from "./with-cleanup.ts";

/** TO-4 and TO-5: whose time it was. */
export const nestedDeadlines: readonly Case[] = [
  caseOf(
    "TO-4",
    "outside-cancel",
    "an outside cancellation within a timeout isn't turned into a TimeoutError",
    { needs: ["failAfter"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.failAfter(
        10,
        async (scope) => {
          setTimeout(() => outside.abort(stop), 5);
          await withCleanup(trial.sleep(scope, 1000), () => pause(20));
        },
        { signal: outside.signal },
      );
      same(await rejectionOf(block, "the block"), stop, "what it throws");
    },
  ),

  caseOf(
    "TO-4",
    "group-outside-cancel",
    "an outside cancellation of a group with a timeout isn't turned into a TimeoutError",
    { needs: ["option.timeout", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const block = trial.api.taskGroup({ timeout: 10, signal: outside.signal }, async (group) => {
        setTimeout(() => outside.abort(null), 5);
        await withCleanup(trial.sleep(group, 1000), () => pause(20));
      });
      const outcome = await trial.outcome(block);
      check("error" in outcome && outcome.error === null, "it should throw the reason, which is null");
    },
  ),

  caseOf(
    "TO-4",
    "inner-first",
    "an inner timeout that expires first is the inner block's only: the outer goes on",
    { needs: ["failAfter", "scope.failAfter", "TimeoutError"] },
    async (trial) => {
      const value = await trial.api.failAfter(20, async (outer) => {
        const inner = outer.failAfter(10, (scope) => trial.sleep(scope, 1000));
        instance(await rejectionOf(inner, "the inner block"), trial.api.TimeoutError, "what the inner block throws");
        check(!trial.isCancelled(outer) && !outer.expired, "the outer scope should be live");
        return 7;
      });
      equal(value, 7);
    },
  ),

  caseOf(
    "TO-4",
    "outer-first",
    "an outer timeout that expires first goes through the inner block as a cancellation",
    { needs: ["failAfter", "scope.failAfter", "TimeoutError"] },
    async (trial) => {
      let ofInner: unknown;
      let hasInnerExpired: boolean | undefined;
      const block = trial.api.failAfter(10, async (outer) => {
        const inner = outer.failAfter(20, async (scope) => {
          await withCleanup(trial.sleep(scope, 1000), () => pause(30));
          hasInnerExpired = scope.expired;
        });
        ofInner = await rejectionOf(inner, "the inner block");
        hasInnerExpired ??= false;
        throw ofInner;
      });
      instance(await rejectionOf(block, "the outer block"), trial.api.TimeoutError, "what the outer block throws");
      check(!(ofInner instanceof trial.api.TimeoutError), "the inner block should throw the cancellation");
      equal(hasInnerExpired, false, "whether the inner deadline has expired");
    },
  ),

  caseOf(
    "TO-4",
    "enclosing-reason",
    "if an enclosing scope is cancelled while the inner block unwinds, its reason goes on instead of the TimeoutError",
    { needs: ["scope.failAfter", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let ofInner: unknown;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        const inner = group.failAfter(10, async (scope) => {
          await withCleanup(trial.sleep(scope, 1000), async () => {
            await pause(10);
            outside.abort(stop);
          });
        });
        ofInner = await rejectionOf(inner, "the inner block");
        throw ofInner;
      });
      same(await rejectionOf(block, "the block"), stop, "what the block throws");
      same(ofInner, stop, "what the inner block throws");
    },
  ),

  caseOf(
    "TO-4",
    "sibling-failure",
    "a sibling's failure while the body sits in a timeout isn't turned into a TimeoutError",
    { needs: ["scope.failAfter"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        await group.failAfter(10, (scope) => withCleanup(trial.sleep(scope, 1000), () => pause(20)));
      });
      const errors = errorsOf(await rejectionOf(block, "the block"));
      check(errors.length === 1 && errors[0] === boom, "the group should hold the sibling's error alone");
    },
  ),

  caseOf(
    "TO-4",
    "group-cancel-within",
    "group.cancel() while the body sits in a timeout isn't turned into a TimeoutError",
    { needs: ["scope.failAfter", "group.cancel"] },
    async (trial) => {
      const block = trial.api.taskGroup(async (group) => {
        setTimeout(() => group.cancel(), 5);
        await group.failAfter(10, (scope) => withCleanup(trial.sleep(scope, 1000), () => pause(20)));
      });
      equal(await trial.outcome(block), { value: undefined }, "the outcome");
    },
  ),

  caseOf(
    "TO-5",
    "member-timeout",
    "a member's own timeout that expires is its failure, and takes the group down",
    { needs: ["scope.failAfter", "TimeoutError"] },
    async (trial) => {
      let cancelled = 0;
      const block = trial.api.taskGroup((group) => {
        group.createTask((member) => member.failAfter(10, (scope) => trial.sleep(scope, 1000)));
        group.createTask((member) => trial.sleep(member, 1000).finally(() => void cancelled++));
      });
      const errors = errorsOf(await rejectionOf(block, "the block"));
      equal(errors.length, 1, "the number of errors");
      instance(errors[0], trial.api.TimeoutError, "the error in the group");
      equal([cancelled, Math.round(trial.clock.now())], [1, 10], "the siblings cancelled, and the time at the end");
    },
  ),

  caseOf(
    "TO-5",
    "caught",
    "a timeout that the member catches cancels neither it nor the group",
    { needs: ["scope.failAfter"] },
    async (trial) => {
      let states: unknown;
      const value = await trial.api.taskGroup(async (group) => {
        group.createTask(async (member) => {
          await member.failAfter(10, (scope) => trial.sleep(scope, 1000)).catch(() => {});
          await trial.sleep(member, 10);
          states = [trial.isCancelled(member), trial.isCancelled(group)];
        });
        await trial.sleep(group, 50);
        return 7;
      });
      equal([value, states], [7, [false, false]], "the value, and whether member and group are cancelled");
    },
  ),

  caseOf(
    "TO-5",
    "library-timeout",
    "the platform's TimeoutError in a cancelled member is a failure, no cancellation",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const late = new DOMException("late", "TimeoutError");
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(late)));
        setTimeout(() => outside.abort(new Error("stop")), 5);
      });
      same(errorsOf(await rejectionOf(block, "the block"))[0], late, "the error in the group");
    },
  ),
];
