import type { TaskGroup } from "@cohort/core";
import { type Case, type CaseOptions, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { CountingController } from "../counting-signal.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

type Program = (trial: Trial, outside: CountingController) => PromiseLike<unknown>;

/** Whatever becomes of the program, it leaves no listener on the signal at its end, and no timer. */
function leavesNothing(name: string, when: string, options: CaseOptions, program: Program): Case {
  return caseOf("CA-9", name, `leaves no listener and no timer behind ${when}`, options, async (trial) => {
    const outside = trial.controller();
    await trial.outcome(program(trial, outside));
    equal([outside.listeners, trial.clock.timers], [0, 0], "the listeners and the timers at the end");
    check(outside.added > 0, "the signal should have been listened to");
  });
}

/** CA-9: zero residue on long-lived signals. */
export const residue: readonly Case[] = [
  leavesNothing("value", "when the block gives a value", { needs: ["option.signal"] }, ({ api }, { signal }) =>
    api.taskGroup({ signal }, (group) => {
      group.createTask(() => pause(5));
      return 7;
    }),
  ),

  leavesNothing("empty", "when the body gives a value at once", { needs: ["option.signal"] }, ({ api }, { signal }) =>
    api.taskGroup({ signal }, () => 7),
  ),

  leavesNothing("failure", "when a member fails", { needs: ["option.signal"] }, (trial, { signal }) =>
    trial.api.taskGroup({ signal }, (group) => {
      group.createTask((member) => trial.sleep(member, 1000));
      group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
    }),
  ),

  leavesNothing("body-throws", "when the body throws at once", { needs: ["option.signal"] }, ({ api }, { signal }) =>
    api.taskGroup({ signal }, () => {
      throw new Error("boom");
    }),
  ),

  leavesNothing("cancelled", "when the outside cancels", { needs: ["option.signal"] }, (trial, outside) =>
    trial.api.taskGroup({ signal: outside.signal }, async (group) => {
      group.createTask((member) => trial.sleep(member, 1000));
      await pause(5);
      outside.abort();
    }),
  ),

  leavesNothing("nested", "when groups were nested", { needs: ["option.signal"] }, (trial, { signal }) =>
    trial.api.taskGroup({ signal }, async (group) => {
      for (let n = 0; n < 5; n++) {
        await trial.nested(group, (inner: TaskGroup) => void inner.createTask((member) => trial.sleep(member, 1)));
      }
    }),
  ),

  leavesNothing(
    "deadline",
    "when the block ends before its deadline",
    { needs: ["option.signal", "option.timeout"] },
    (trial, { signal }) => trial.api.taskGroup({ signal, timeout: 5000 }, (group) => trial.sleep(group, 5)),
  ),

  leavesNothing(
    "expired",
    "when the deadline has cancelled the block",
    { needs: ["option.signal", "option.timeout"] },
    (trial, { signal }) => trial.api.taskGroup({ signal, timeout: 5 }, (group) => trial.sleep(group, 1000)),
  ),

  leavesNothing("fail-after", "when failAfter() ends in time", { needs: ["failAfter"] }, (trial, { signal }) =>
    trial.api.failAfter(5000, (scope) => trial.sleep(scope, 5), { signal }),
  ),

  leavesNothing("move-on-after", "when moveOnAfter() has timed out", { needs: ["moveOnAfter"] }, (trial, { signal }) =>
    trial.api.moveOnAfter(5, (scope) => trial.sleep(scope, 1000), { signal }),
  ),

  leavesNothing("sleep", "when sleep(ms, signal) is over", { needs: ["sleep"] }, ({ api }, { signal }) =>
    api.sleep(5, signal),
  ),

  leavesNothing("sleep-cancelled", "when sleep(ms, signal) is aborted", { needs: ["sleep"] }, ({ api }, outside) => {
    setTimeout(() => outside.abort(), 5);
    return api.sleep(1000, outside.signal);
  }),

  leavesNothing(
    "abortable",
    "when abortable(promise, signal) is over",
    { needs: ["abortable"] },
    ({ api }, { signal }) => api.abortable(pause(5), signal),
  ),

  leavesNothing("detached", "when a standalone task is done", { needs: ["detach"] }, (trial, { signal }) =>
    trial.api.detach((task) => trial.sleep(task, 5), { signal }),
  ),

  leavesNothing(
    "left-behind",
    "when the body has left a sleep behind without waiting for it, nor an unhandled rejection",
    { needs: ["option.signal", "scope.sleep"] },
    (trial, { signal }) =>
      trial.api.taskGroup({ signal }, (group) => {
        void group.sleep(10_000);
        group.createTask((member) => void member.sleep(10_000));
      }),
  ),

  caseOf(
    "CA-9",
    "many-in-turn",
    "a signal that lives for 1,000 groups never has more than one listener, and none in the end",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let most = 0;
      for (let n = 0; n < 1000; n++) {
        await trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.createTask(() => {});
          most = Math.max(most, outside.listeners);
        });
      }
      equal([outside.listeners, most], [0, 1], "the listeners in the end, and the most there were");
    },
  ),

  caseOf(
    "CA-9",
    "one-per-signal",
    "groups that run on one signal at once share one listener",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const { signal } = outside;
      const blocks = Array.from({ length: 20 }, (_, n) => trial.api.taskGroup({ signal }, () => pause(n + 1)));
      await pause(0);
      equal(outside.listeners, 1, "the listeners while all run");
      await Promise.all(blocks);
    },
  ),

  caseOf(
    "CA-9",
    "one-per-signal-of-waits",
    "waits on one signal share one listener",
    { needs: ["sleep", "abortable"] },
    async (trial) => {
      const outside = trial.controller();
      const { signal } = outside;
      const sleeps = Array.from({ length: 20 }, (_, n) => trial.api.sleep(n + 1, signal));
      const others = Array.from({ length: 20 }, (_, n) => trial.api.abortable(pause(n + 1), signal));
      await pause(0);
      equal(outside.listeners, 1, "the listeners while all wait");
      await Promise.all([...sleeps, ...others]);
    },
  ),

  caseOf(
    "CA-9",
    "aborted-gets-none",
    "adds no listener to a signal that is aborted already",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      outside.abort();
      await rejectionOf(
        trial.api.taskGroup({ signal: outside.signal }, (group) => trial.sleep(group, 1)),
        "the block",
      );
      equal(outside.added, 0, "the listeners that were added");
    },
  ),

  caseOf(
    "CA-9",
    "members-add-none",
    "members add no listener to the group's signal",
    { needs: ["scope.signal", "scope.sleep"] },
    async (trial) => {
      let added = 0;
      await trial.api.taskGroup(async (group) => {
        const { signal } = group;
        const add = signal.addEventListener.bind(signal);
        signal.addEventListener = (...args: Parameters<AbortSignal["addEventListener"]>) => {
          added++;
          add(...args);
        };
        for (let n = 0; n < 20; n++) {
          group.createTask(async (member) => {
            check(!member.signal.aborted, "the member's signal should be live");
            await member.sleep(n);
          });
        }
        await group.sleep(5);
      });
      equal(added, 0, "the listeners that were added");
    },
  ),

  caseOf(
    "CA-9",
    "own-signals-map-to-scopes",
    "waits for one of the implementation's own signals add no listener to it",
    { needs: ["sleep", "abortable", "scope.signal", "option.signal", "group.cancel"] },
    async (trial) => {
      let added = 0;
      const errors: unknown[] = [];
      await trial.api.taskGroup(async (group) => {
        const { signal } = group;
        const add = signal.addEventListener.bind(signal);
        signal.addEventListener = (...args: Parameters<AbortSignal["addEventListener"]>) => {
          added++;
          add(...args);
        };
        const waits = [
          trial.api.sleep(1000, signal),
          trial.api.abortable(new Promise(() => {}), signal),
          trial.api.taskGroup({ signal }, (other) => trial.sleep(other, 1000)),
        ].map((wait) => rejectionOf(wait, "a wait"));
        await pause(5);
        group.cancel();
        errors.push(...(await Promise.all(waits)));
        for (const error of errors) check(error === signal.reason, "each wait should reject with the reason");
      });
      equal([errors.length, added], [3, 0], "the waits that ended, and the listeners that were added");
    },
  ),

  caseOf(
    "CA-9",
    "timers-of-cancelled-sleeps",
    "a cancelled sleep takes its timer away at once",
    { needs: ["scope.sleep", "group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        for (let n = 0; n < 10; n++) group.createTask(({ sleep }) => sleep(1000 + n));
        await pause(5);
        const before = trial.clock.timers;
        group.cancel();
        check(before - trial.clock.timers >= 9, "the timers of the sleeps should be gone");
      });
      equal([trial.clock.timers, trial.clock.now()], [0, 5], "the timers left, and the time at the end");
    },
  ),
];
