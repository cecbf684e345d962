import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";
import { takeUncaught } from "./uncaught.ts";

/** CA-10, CA-12 and CA-13: what is told of a cancellation, and what stops waiting because of it. */
export const abortCallbacks: readonly Case[] = [
  caseOf(
    "CA-10",
    "rejects-at-once",
    "abortable() rejects with the reason as soon as the scope is cancelled",
    { needs: ["scope.abortable", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let end: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          setTimeout(() => outside.abort(stop), 5);
          const reason = await rejectionOf(group.abortable(new Promise(() => {})), "the wait");
          end = [reason === stop, trial.clock.now()];
        }),
      );
      equal(end, [true, 5], "whether it is the reason, and the time");
    },
  ),

  caseOf(
    "CA-10",
    "passes-on",
    "abortable() passes on what the promise settles with",
    { needs: ["scope.abortable"] },
    async (trial) => {
      const boom = new Error("boom");
      await trial.api.taskGroup(async (group) => {
        equal(await group.abortable(pause(5).then(() => 7)), 7, "the value");
        same(await rejectionOf(group.abortable(Promise.reject(boom)), "the wait"), boom, "the error");
      });
    },
  ),

  caseOf("CA-10", "thenable", "abortable() follows any thenable", { needs: ["scope.abortable"] }, async (trial) => {
    const thenable = { then: (ok: (value: number) => void) => ok(7) } as unknown as PromiseLike<number>;
    await trial.api.taskGroup(async (group) => equal(await group.abortable(thenable), 7, "the value"));
  }),

  caseOf(
    "CA-10",
    "late-rejection",
    "a rejection that comes after the cancellation isn't unhandled",
    { needs: ["scope.abortable", "group.cancel", "unhandled rejections"] },
    async (trial) => {
      const late = trial.deferred();
      await trial.api.taskGroup(async (group) => {
        setTimeout(() => group.cancel(), 5);
        await group.abortable(late.promise);
      });
      late.reject(new Error("late"));
      equal((await trial.takeUnhandled()).length, 0, "the unhandled rejections");
    },
  ),

  caseOf(
    "CA-10",
    "rejection-in-cancelled-scope",
    "the rejection of a promise that was given to abortable() in a cancelled scope isn't unhandled",
    { needs: ["scope.abortable", "group.cancel", "unhandled rejections"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await group.abortable(Promise.reject(new Error("ignored")));
      });
      equal((await trial.takeUnhandled()).length, 0, "the unhandled rejections");
    },
  ),

  caseOf(
    "CA-10",
    "of-a-signal",
    "abortable(promise, signal) rejects with the signal's reason, null too",
    { needs: ["abortable"] },
    async (trial) => {
      const outside = trial.controller();
      setTimeout(() => outside.abort(null), 5);
      const outcome = await trial.outcome(trial.api.abortable(new Promise(() => {}), outside.signal));
      check("error" in outcome && outcome.error === null, "it should reject with null");
    },
  ),

  caseOf(
    "CA-12",
    "others-are-told",
    "an onCancel callback that throws doesn't keep the others from being cancelled",
    { needs: ["scope.onCancel", "group.cancel"] },
    async (trial) => {
      let told = 0;
      const value = await trial.api.taskGroup(async (group) => {
        for (let n = 0; n < 3; n++) {
          group.createTask((member) => {
            member.onCancel(() => {
              throw new Error("boom");
            });
            member.onCancel(() => void told++);
            return trial.sleep(member, 1000);
          });
        }
        await pause(5);
        group.cancel();
        return 7;
      });
      equal([value, told, trial.clock.now()], [7, 3, 5], "the value, the callbacks told, the time at the end");
    },
  ),

  caseOf(
    "CA-12",
    "reported",
    "what an onCancel callback throws is reported, once each",
    { needs: ["scope.onCancel", "group.cancel", "reports"] },
    async (trial) => {
      const thrown = [new Error("a"), undefined, null];
      await trial.api.taskGroup((group) => {
        for (const error of thrown) {
          group.onCancel(() => {
            throw error;
          });
        }
        group.cancel();
      });
      equal(trial.reports, thrown.map((error) => ({ error })), "the reports"); // prettier-ignore
      same((trial.reports[0] as { error: unknown }).error, thrown[0], "the first");
    },
  ),

  caseOf(
    "CA-12",
    "no-failure",
    "what an onCancel callback throws is no failure of the group",
    { needs: ["scope.onCancel", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.onCancel(() => {
          throw new Error("boom");
        });
        outside.abort(stop);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
    },
  ),

  caseOf(
    "CA-12",
    "signal-listener",
    "a listener on a signal that throws doesn't keep the others from being cancelled",
    { needs: ["scope.signal", "uncaught errors"] },
    async (trial) => {
      takeUncaught(trial);
      let told = 0;
      const block = trial.api.taskGroup((group) => {
        for (let n = 0; n < 3; n++) {
          group.createTask((member) => {
            member.signal.addEventListener("abort", () => {
              throw new Error("listener");
            });
            member.signal.addEventListener("abort", () => void told++);
            return trial.sleep(member, 1000);
          });
        }
        group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
      });
      const error = await rejectionOf(block, "the block");
      await trial.clock.settle();
      equal(told, 3, "the listeners told");
      equal((error as AggregateError).errors, [new Error("boom")], "the errors in the group");
    },
  ),

  caseOf(
    "CA-13",
    "microtask",
    "onCancel in a cancelled scope calls back on a microtask, with the reason",
    { needs: ["scope.onCancel", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const seen: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort("reason");
          group.onCancel((reason) => void seen.push(reason));
          seen.push("synchronous");
          await Promise.resolve();
          await Promise.resolve();
          seen.push("two microtasks later");
        }),
      );
      equal(seen, ["synchronous", "reason", "two microtasks later"], "what came in which order");
    },
  ),

  caseOf(
    "CA-13",
    "taken-back",
    "an onCancel callback that was taken back isn't called, neither before nor after the cancellation",
    { needs: ["scope.onCancel", "group.cancel"] },
    async (trial) => {
      let called = 0;
      await trial.api.taskGroup(async (group) => {
        group.onCancel(() => void called++)();
        group.cancel();
        group.onCancel(() => void called++)();
        await pause(1);
      });
      equal(called, 0, "the calls");
    },
  ),

  caseOf(
    "CA-13",
    "late-and-throws",
    "what a callback throws that was added after the cancellation is reported",
    { needs: ["scope.onCancel", "group.cancel", "reports"] },
    async (trial) => {
      const boom = new Error("boom");
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        group.onCancel(() => {
          throw boom;
        });
        await pause(1);
      });
      equal(trial.reports.length, 1, "the number of reports");
      same((trial.reports[0] as { error: unknown }).error, boom, "what was reported");
    },
  ),

  caseOf(
    "CA-13",
    "never-cancelled",
    "an onCancel callback of a scope that is never cancelled is never called",
    { needs: ["scope.onCancel"] },
    async (trial) => {
      let called = 0;
      await trial.api.taskGroup((group) => {
        group.onCancel(() => void called++);
        group.createTask((member) => void member.onCancel(() => void called++));
      });
      await pause(1);
      equal(called, 0, "the calls");
    },
  ),
];
