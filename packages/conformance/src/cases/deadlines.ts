import type { DeadlineScope, TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import type { Trial } from "../trial.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";
import { withCleanup } from "./with-cleanup.ts";

/** When a body under `failAfter(10)` is cut, if its deadline is moved at the start. */
async function cutAfter(trial: Trial, move: (scope: DeadlineScope) => void): Promise<number | undefined> {
  let cutAt: number | undefined;
  await trial.outcome(
    trial.api.failAfter(10, async (scope) => {
      move(scope);
      await trial.sleep(scope, 100).catch(() => void (cutAt = Math.round(trial.clock.now())));
    }),
  );
  return cutAt;
}

/** TO-1 to TO-3: one deadline. */
export const deadlines: readonly Case[] = [
  caseOf(
    "TO-1",
    "expires",
    "failAfter() cancels the scope on expiry, awaits the body, then throws a TimeoutError",
    { needs: ["failAfter", "TimeoutError"] },
    async (trial) => {
      const block = trial.api.failAfter(10, async (scope) => {
        await withCleanup(trial.sleep(scope, 1000), async () => {
          trial.say("cancelled");
          await pause(40);
          trial.say("cleaned up");
        });
      });
      const error = await rejectionOf(block, "the block");
      trial.say("left");
      equal(trial.log, ["10 cancelled", "50 cleaned up", "50 left"], "what happened");
      instance(error, trial.api.TimeoutError, "what it throws");
      equal(error.name, "TimeoutError", "its name");
    },
  ),

  caseOf("TO-1", "fail-at-date", "failAt() takes a Date", { needs: ["failAt", "TimeoutError"] }, async (trial) => {
    let cutAt: number | undefined;
    const block = trial.api.failAt(new Date(Date.now() + 20), async (scope) => {
      await trial.sleep(scope, 1000).finally(() => void (cutAt = trial.clock.now()));
    });
    instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
    // The Date has whole ms, and a clock that never goes back needn't agree with it to the last of them.
    check(cutAt !== undefined && Math.abs(cutAt - 20) < 10, "it should be cut at the moment of the Date");
  }),

  caseOf(
    "TO-1",
    "fail-at-number",
    "failAt() takes a moment of now()'s clock",
    { needs: ["failAt", "now", "TimeoutError"] },
    async (trial) => {
      const block = trial.api.failAt(trial.api.now() + 20, (scope) => trial.sleep(scope, 1000));
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      equal(Math.round(trial.clock.now()), 20, "when it throws");
    },
  ),

  caseOf(
    "TO-1",
    "cause-of-the-reason",
    "code inside sees a CancelledError whose cause is the TimeoutError that comes out",
    { needs: ["failAfter", "CancelledError"] },
    async (trial) => {
      let reason: unknown;
      const block = trial.api.failAfter(10, async (scope) => {
        reason = await rejectionOf(trial.sleep(scope, 1000), "the wait");
        throw reason;
      });
      const error = await rejectionOf(block, "the block");
      instance(reason, trial.api.CancelledError, "the reason inside");
      same(reason.cause, error, "its cause");
    },
  ),

  caseOf(
    "TO-1",
    "in-time",
    "a body that is done in time gives its value, and the scope hasn't expired",
    { needs: ["failAfter"] },
    async (trial) => {
      let kept!: DeadlineScope;
      const value = await trial.api.failAfter(10, async (scope) => {
        kept = scope;
        await trial.sleep(scope, 9);
        return 7;
      });
      equal([value, kept.expired, trial.clock.timers], [7, false, 0], "value, expired, and the timers left");
    },
  ),

  caseOf(
    "TO-1",
    "expired",
    "scope.expired says that the deadline has passed",
    { needs: ["failAfter"] },
    async (trial) => {
      const seen: boolean[] = [];
      await trial.outcome(
        trial.api.failAfter(10, async (scope) => {
          seen.push(scope.expired);
          await trial.sleep(scope, 1000).catch(() => {});
          seen.push(scope.expired);
        }),
      );
      equal(seen, [false, true], "expired, before and after");
    },
  ),

  caseOf(
    "TO-1",
    "not-expired-by-outside",
    "a scope that the outside cancels hasn't expired, nor does it when the time comes",
    { needs: ["failAfter"] },
    async (trial) => {
      const outside = trial.controller();
      const seen: boolean[] = [];
      const block = trial.api.failAfter(
        10,
        async (scope) => {
          setTimeout(() => outside.abort(), 5);
          await trial.sleep(scope, 1000).catch(() => seen.push(scope.expired));
          await pause(20);
          seen.push(scope.expired);
        },
        { signal: outside.signal },
      );
      await trial.outcome(block);
      equal(seen, [false, false], "expired, after the abort and after the time");
    },
  ),

  caseOf(
    "TO-1",
    "reschedule-later",
    "reschedule() moves the deadline to later",
    { needs: ["failAfter"] },
    async (trial) => {
      equal(await cutAfter(trial, (scope) => scope.reschedule(scope.when + 20)), 30, "when the body is cut");
    },
  ),

  caseOf(
    "TO-1",
    "reschedule-earlier",
    "reschedule() moves the deadline to earlier",
    { needs: ["failAfter"] },
    async (trial) => {
      equal(await cutAfter(trial, (scope) => scope.reschedule(scope.when - 5)), 5, "when the body is cut");
    },
  ),

  caseOf(
    "TO-1",
    "reschedule-never",
    "reschedule(Infinity) takes the deadline away, and its timer",
    { needs: ["failAfter"] },
    async (trial) => {
      equal(await cutAfter(trial, (scope) => scope.reschedule(Infinity)), undefined, "when the body is cut");
      equal(trial.clock.now(), 100, "the time at the end");
    },
  ),

  caseOf(
    "TO-1",
    "reschedule-past",
    "reschedule() to a moment that has passed expires at once",
    { needs: ["failAfter", "now", "TimeoutError"] },
    async (trial) => {
      const seen: unknown[] = [];
      const block = trial.api.failAfter(1000, async (scope) => {
        await trial.sleep(scope, 10);
        scope.reschedule(trial.api.now() - 1);
        seen.push(scope.expired, trial.isCancelled(scope));
        await trial.sleep(scope, 1);
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      equal(seen, [true, true], "expired, and cancelled");
    },
  ),

  caseOf(
    "TO-1",
    "reschedule-refused",
    "reschedule() is an InvalidStateError once the deadline has expired, and once the block has ended",
    { needs: ["failAfter", "InvalidStateError"] },
    async (trial) => {
      let late: unknown;
      let kept!: DeadlineScope;
      await trial.outcome(
        trial.api.failAfter(10, async (scope) => {
          await trial.sleep(scope, 1000).catch(() => {});
          late = thrownBy(() => scope.reschedule(Infinity), "reschedule() after the expiry");
        }),
      );
      instance(late, trial.api.InvalidStateError, "what it throws after the expiry");
      await trial.api.failAfter(10, (scope) => void (kept = scope));
      const ended = thrownBy(() => kept.reschedule(Infinity), "reschedule() after the end");
      instance(ended, trial.api.InvalidStateError, "what it throws after the end");
      equal(trial.clock.timers, 0, "the timers left");
    },
  ),

  caseOf(
    "TO-2",
    "drains-first",
    "a group's timeout drains the members before the TimeoutError comes out",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      let drained = 0;
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        for (let n = 0; n < 3; n++) {
          group.createTask((member) =>
            withCleanup(trial.sleep(member, 1000), async () => {
              await pause(40);
              drained++;
            }),
          );
        }
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      equal([drained, Math.round(trial.clock.now())], [3, 50], "the members that have ended, and the time at the end");
    },
  ),

  caseOf(
    "TO-2",
    "bare",
    "the TimeoutError of a group comes out bare, though many members were cut",
    { needs: ["option.timeout"] },
    async (trial) => {
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        for (let n = 0; n < 3; n++) group.createTask((member) => trial.sleep(member, 1000));
      });
      const error = await rejectionOf(block, "the block");
      check(!(error instanceof AggregateError), "it should be no group");
      equal((error as Error).name, "TimeoutError", "its name");
    },
  ),

  caseOf(
    "TO-2",
    "in-time",
    "a group that is done in time leaves no timer of its deadline",
    { needs: ["option.timeout"] },
    async (trial) => {
      equal(await trial.api.taskGroup({ timeout: 10_000 }, () => 7), 7, "the value");
      equal(trial.clock.timers, 0, "the timers left");
    },
  ),

  caseOf(
    "TO-2",
    "from-the-start",
    "a group's timeout counts from its start, not from the end of its body",
    { needs: ["option.timeout"] },
    async (trial) => {
      const block = trial.api.taskGroup({ timeout: 10 }, async (group) => {
        await trial.sleep(group, 8);
        group.createTask((member) => trial.sleep(member, 1000));
      });
      await rejectionOf(block, "the block");
      equal(Math.round(trial.clock.now()), 10, "the time at the end");
    },
  ),

  caseOf(
    "TO-3",
    "value",
    "a body that finishes with a value in spite of the expiry gives the value, undefined too",
    { needs: ["failAfter"] },
    async (trial) => {
      for (const value of [7, undefined, null]) {
        const block = trial.api.failAfter(10, async (scope) => {
          await trial.sleep(scope, 1000).catch(() => {});
          return value;
        });
        equal(await trial.outcome(block), { value }, "the outcome");
      }
    },
  ),

  caseOf(
    "TO-3",
    "group-value",
    "a group gives its body's value if body and members finished in spite of the expiry",
    { needs: ["option.timeout"] },
    async (trial) => {
      const value = await trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => {}));
        return trial.sleep(group, 1000).catch(() => 7);
      });
      equal(value, 7);
    },
  ),

  caseOf(
    "TO-3",
    "own-error",
    "a body that fails with an error of its own after the expiry gives that error, bare from failAfter()",
    { needs: ["failAfter"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.failAfter(10, (scope) => trial.sleep(scope, 1000).catch(() => Promise.reject(boom)));
      same(await rejectionOf(block, "the block"), boom, "what it throws");
    },
  ),

  caseOf(
    "TO-3",
    "group-own-error",
    "a group whose member fails after the expiry throws that, with the TimeoutError as its cause",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ timeout: 10 }, (group: TaskGroup) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(boom)));
      });
      const error = await rejectionOf(block, "the block");
      same(errorsOf(error)[0], boom, "the error in the group");
      instance((error as Error).cause, trial.api.TimeoutError, "the cause");
    },
  ),

  caseOf(
    "OUT-4",
    "created-too-late",
    "throws the TimeoutError if a member was created after the deadline and so never ran",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      let hasRun = false;
      const block = trial.api.taskGroup({ timeout: 0 }, (group) => {
        group.createTask(() => void (hasRun = true));
        return 7;
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      check(!hasRun, "the member should never run");
    },
  ),
];
