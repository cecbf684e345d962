import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

/** CA-11: where outer cancellation doesn't reach, and what is given back only at the real end. */
export const shields: readonly Case[] = [
  caseOf(
    "CA-11",
    "not-reached",
    "outer cancellation reaches neither the body of a shield nor what is nested in it",
    { needs: ["scope.shield", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let states: unknown;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        setTimeout(() => outside.abort(stop), 5);
        await group.shield(async (shield) => {
          await trial.nested(shield, (inner: TaskGroup) => {
            inner.createTask(async (member) => {
              await trial.sleep(member, 40);
              states = [member, inner, shield, group].map((scope) => trial.isCancelled(scope));
            });
          });
        });
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal(states, [false, false, false, true], "whether member, inner group, shield and group are cancelled");
      equal(trial.clock.now(), 40, "the time at the end");
    },
  ),

  caseOf(
    "CA-11",
    "live-in-cancelled",
    "a shield that is opened in a cancelled scope is live, its signal too",
    { needs: ["scope.shield", "scope.signal", "group.cancel"] },
    async (trial) => {
      const seen: unknown[] = [];
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await group.shield(async (shield) => {
          seen.push(trial.isCancelled(shield), shield.signal.aborted);
          await trial.sleep(shield, 10);
          seen.push("slept");
        });
      });
      equal(seen, [false, false, "slept"], "cancelled, aborted, and the wait");
    },
  ),

  caseOf(
    "CA-11",
    "nobody-leaks",
    "the group waits for a shield that nobody awaits",
    { needs: ["scope.shield", "group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask((member) => void member.shield(() => pause(50)));
        group.createTask(() => pause(5).then(() => group.cancel()));
      });
      equal(trial.clock.now(), 50, "the time at the end");
    },
  ),

  caseOf(
    "CA-11",
    "passes-on",
    "a shield gives its body's value or error",
    { needs: ["scope.shield"] },
    async (trial) => {
      const boom = new Error("boom");
      await trial.api.taskGroup(async (group) => {
        equal(await group.shield(() => 7), 7, "the value");
        same(
          await rejectionOf(
            group.shield(() => Promise.reject(boom)),
            "the shield",
          ),
          boom,
          "the error",
        );
      });
    },
  ),

  caseOf(
    "CA-11",
    "next-wait",
    "after the shield the next wait in the cancelled scope fails",
    { needs: ["scope.shield", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let next: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          await group.shield(() => pause(10));
          next = await rejectionOf(trial.sleep(group, 1), "the next wait");
        }),
      );
      same(next, stop, "what the next wait rejects with");
    },
  ),

  caseOf(
    "CA-11",
    "timeout",
    "timeout bounds a shield from its start",
    { needs: ["scope.shield", "TimeoutError"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        await pause(5);
        const shield = group.shield({ timeout: 10 }, (inner) => trial.sleep(inner, 1000));
        instance(await rejectionOf(shield, "the shield"), trial.api.TimeoutError, "what it rejects with");
        equal(Math.round(trial.clock.now()), 15, "when it rejects");
      });
    },
  ),

  caseOf(
    "CA-11",
    "timeout-in-cancelled",
    "timeout bounds a shield in a cancelled scope too",
    { needs: ["scope.shield", "group.cancel"] },
    async (trial) => {
      let cutAt: number | undefined;
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await group.shield({ timeout: 10 }, async (shield) => {
          await trial.sleep(shield, 1000).catch(() => {});
          cutAt = Math.round(trial.clock.now());
        });
      });
      equal(cutAt, 10, "when the body is cancelled");
    },
  ),

  caseOf(
    "CA-11",
    "cancel-after",
    "cancelAfter bounds a shield from the outer cancellation",
    { needs: ["scope.shield", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let cutAt: number | undefined;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        setTimeout(() => outside.abort(stop), 100);
        await group.shield({ cancelAfter: 10 }, async (shield) => {
          await trial.sleep(shield, 1000).catch(() => {});
          cutAt = Math.round(trial.clock.now());
        });
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal(cutAt, 110, "when the body is cancelled");
    },
  ),

  caseOf(
    "CA-11",
    "cancel-after-without-cancel",
    "cancelAfter doesn't bound a shield whose outer scope is never cancelled",
    { needs: ["scope.shield"] },
    async (trial) => {
      await trial.api.taskGroup((group) => group.shield({ cancelAfter: 10 }, (shield) => trial.sleep(shield, 1000)));
      equal(trial.clock.now(), 1000, "the time at the end");
    },
  ),

  caseOf(
    "CA-11",
    "cancel-after-opened-late",
    "cancelAfter counts from the outer cancellation, though the shield was opened after it",
    { needs: ["scope.shield", "group.cancel"] },
    async (trial) => {
      let cutAt: number | undefined;
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await pause(6);
        await group.shield({ cancelAfter: 10 }, async (shield) => {
          await trial.sleep(shield, 1000).catch(() => {});
          cutAt = Math.round(trial.clock.now());
        });
      });
      equal(cutAt, 10, "when the body is cancelled");
    },
  ),

  caseOf(
    "CA-11",
    "outer",
    "the body sees the outer state through shield.outer",
    { needs: ["scope.shield", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const seen: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          setTimeout(() => outside.abort(stop), 5);
          await group.shield(async ({ outer }) => {
            outer.onCancel((reason) => void seen.push(reason === stop));
            seen.push(outer.isCancelled(), outer.reason);
            await pause(10);
            seen.push(outer.isCancelled(), outer.reason === stop);
          });
        }),
      );
      equal(seen, [false, undefined, true, true, true], "cancelled, reason, the callback's reason, cancelled, reason");
    },
  ),

  caseOf(
    "CA-11",
    "abort-error-in-shield",
    "an AbortError in a shield is a failure, though the outer scope is cancelled",
    { needs: ["scope.shield", "group.cancel", "option.signal"] },
    async (trial) => {
      const gone = new DOMException("gone", "AbortError");
      const errors: unknown[] = [];
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        errors.push(
          await rejectionOf(
            group.shield(() => Promise.reject(gone)),
            "the shield",
          ),
        );
        const inner = group.shield((shield) => trial.nested(shield, () => Promise.reject(gone)));
        errors.push(...((await rejectionOf(inner, "a group in a shield")) as AggregateError).errors);
      });
      check(errors.length === 2 && errors.every((error) => error === gone), "it should come out, and out of a group");
    },
  ),

  caseOf(
    "CA-11",
    "shields-nest",
    "a shield in a shield isn't reached by the outer one's end",
    { needs: ["scope.shield"] },
    async (trial) => {
      const seen: unknown[] = [];
      await trial.api.taskGroup(async (group) => {
        await group.shield({ timeout: 5 }, async (outer) => {
          await outer.shield(async (inner) => {
            await trial.sleep(inner, 20);
            seen.push(trial.isCancelled(inner), trial.isCancelled(outer));
          });
        });
      });
      equal(seen, [false, true], "whether the inner and the outer shield are cancelled");
    },
  ),

  caseOf(
    "CA-11",
    "slot-after-timeout",
    "a slot of a limit is given back when the function has ended, not when its timeout has fired",
    { needs: ["option.limit", "scope.moveOnAfter"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1 }, (group) => {
        group.createTask((member) => member.moveOnAfter(10, () => pause(40)));
        group.createTask(() => trial.say("second"));
      });
      equal(trial.log, ["40 second"], "when the second member starts");
    },
  ),

  caseOf(
    "CA-11",
    "slot-of-cancelled-member",
    "a slot of a limit is kept by a member that was cancelled alone until it has really ended",
    { needs: ["option.limit", "option.memberCancel", "task.cancel"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1, memberCancel: true }, async (group) => {
        const first = group.createTask(() => pause(40));
        group.createTask(() => trial.say("second"));
        await pause(10);
        first.cancel();
      });
      equal(trial.log, ["40 second"], "when the second member starts");
    },
  ),

  caseOf(
    "CA-11",
    "permit-after-timeout",
    "a permit is given back when the function has ended, not when the waiter's deadline has passed",
    { needs: ["Semaphore", "failAfter"] },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const first = trial.api.failAfter(10, (scope) => semaphore.run(scope, () => pause(40)));
      const second = semaphore.run(null, () => trial.say("second"));
      await Promise.all([trial.outcome(first), second]);
      equal(trial.log, ["40 second"], "when the second function starts");
    },
  ),
];
