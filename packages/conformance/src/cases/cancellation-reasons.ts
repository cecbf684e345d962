import type { TaskGroup, TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, contains, equal, instance, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";

/** The reason that a sleeping member gets when the group is cancelled. */
async function reasonWhen(trial: Trial, cancel: (group: TaskGroup) => unknown, options: object = {}): Promise<unknown> {
  const reasons: unknown[] = [];
  await trial.outcome(
    trial.api.taskGroup(options, async (group) => {
      group.createTask((member) =>
        trial.sleep(member, 1000).catch((reason: unknown) => {
          reasons.push(reason);
          throw reason;
        }),
      );
      await pause(5);
      await cancel(group);
    }),
  );
  check(reasons.length === 1, "the member should be cancelled");
  return reasons[0];
}

/** What comes out when a member throws this during an outside cancellation. */
async function outOf(trial: Trial, thrown: unknown, reason: unknown): Promise<unknown> {
  const outside = trial.controller();
  const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
    group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(thrown)));
    await pause(5);
    outside.abort(reason);
  });
  return rejectionOf(block, "the block");
}

/** CA-3, with rule 3: which errors are a cancellation. */
export const cancellationReasons: readonly Case[] = [
  caseOf(
    "CA-3",
    "outside-reason-everywhere",
    "passes an outside reason on unchanged, as the reason of each signal",
    { needs: ["option.signal", "scope.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = Object.freeze(new Error("stop"));
      const reasons: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.createTask((member) =>
            trial.nested(member, (inner: TaskGroup) => {
              inner.createTask(async (deepest) => {
                const signals = [group, member, inner, deepest].map(({ signal }) => signal);
                await pause(5);
                outside.abort(stop);
                reasons.push(...signals.map(({ reason }) => reason as unknown));
              });
            }),
          );
        }),
      );
      equal(reasons.length, 4, "the signals looked at");
      for (const reason of reasons) same(reason, stop, "the reason");
    },
  ),

  ...[null, 0, "", false, Number.NaN].map((reason) =>
    caseOf(
      "CA-3",
      `falsy-reason-${String(reason) || "empty"}`,
      `passes on an outside reason that is ${reason === "" ? "an empty string" : String(reason)}`,
      { needs: ["option.signal"] },
      async (trial) => {
        const outside = trial.controller();
        const signal = { signal: outside.signal };
        same(await reasonWhen(trial, () => outside.abort(reason), signal), reason, "the member's reason");
      },
    ),
  ),

  caseOf(
    "CA-3",
    "failure-is-the-cause",
    "the reason after a member's failure is a CancelledError whose cause is the failure",
    { needs: ["CancelledError"] },
    async (trial) => {
      const boom = Object.freeze(new Error("boom"));
      const reason = await reasonWhen(trial, (group) => void group.createTask(() => Promise.reject(boom)));
      instance(reason, trial.api.CancelledError, "the reason");
      same(reason.cause, boom, "its cause");
    },
  ),

  caseOf(
    "CA-3",
    "falsy-failure-is-the-cause",
    "a failure of null is the cause of the reason",
    { needs: ["CancelledError"] },
    async (trial) => {
      const reason = await reasonWhen(trial, (group) => void group.createTask(() => Promise.reject(null)));
      instance(reason, trial.api.CancelledError, "the reason");
      same(reason.cause, null, "its cause");
    },
  ),

  caseOf(
    "CA-3",
    "names-the-task",
    "the message of the reason names the task that failed",
    { needs: ["task option.name"] },
    async (trial) => {
      const fail = (): Promise<never> => Promise.reject(new Error("boom"));
      const reason = await reasonWhen(trial, (group) => void group.createTask(fail, { name: "page-7" }));
      contains((reason as Error).message, "page-7", "the message");
    },
  ),

  caseOf(
    "CA-3",
    "body-failure-is-the-cause",
    "the reason after the body's failure has that as its cause",
    { needs: ["CancelledError"] },
    async (trial) => {
      const boom = new Error("boom");
      const reason = await reasonWhen(trial, () => Promise.reject(boom));
      instance(reason, trial.api.CancelledError, "the reason");
      same(reason.cause, boom, "its cause");
    },
  ),

  caseOf(
    "CA-3",
    "cancel-argument-is-the-cause",
    "the reason after cancel(value) is a CancelledError whose cause is the value",
    { needs: ["group.cancel", "CancelledError"] },
    async (trial) => {
      const enough = { is: "enough" };
      const reason = await reasonWhen(trial, (group) => group.cancel(enough));
      instance(reason, trial.api.CancelledError, "the reason");
      same(reason.cause, enough, "its cause");
    },
  ),

  caseOf(
    "CA-3",
    "deadline-is-the-cause",
    "the reason after a deadline is a CancelledError whose cause is the TimeoutError that comes out",
    { needs: ["option.timeout", "CancelledError"] },
    async (trial) => {
      let reason: unknown;
      const block = trial.api.taskGroup({ timeout: 5 }, async (group) => {
        reason = await rejectionOf(trial.sleep(group, 1000), "the wait");
        throw reason;
      });
      const error = await rejectionOf(block, "the block");
      instance(reason, trial.api.CancelledError, "the reason");
      same(reason.cause, error, "its cause");
    },
  ),

  caseOf(
    "CA-3",
    "one-reason",
    "makes one reason for the whole subtree of a cancellation",
    { needs: ["option.signal"] },
    async (trial) => {
      const reasons = new Set<unknown>();
      const wait = (scope: TaskGroup): Promise<void> =>
        trial.sleep(scope, 1000).catch((reason: unknown) => void reasons.add(reason));
      const block = trial.api.taskGroup((group) => {
        for (let n = 0; n < 20; n++) group.createTask((member) => trial.nested(member, wait));
        group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
      });
      await rejectionOf(block, "the block");
      equal(reasons.size, 1, "the number of different reasons");
    },
  ),

  caseOf(
    "CA-3",
    "all-cancelled-first",
    "when the first callback runs, every scope of the subtree is cancelled",
    { needs: ["scope.isCancelled", "scope.onCancel", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const seen: string[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          const scopes: (TaskGroup | TaskScope)[] = [group];
          for (let n = 0; n < 3; n++) {
            group.createTask((member) => {
              scopes.push(member);
              member.onCancel(() => void seen.push(scopes.map((scope) => trial.isCancelled(scope)).join()));
              return trial.sleep(member, 1000);
            });
          }
          await pause(5);
          outside.abort();
        }),
      );
      const all = "true,true,true,true";
      equal(seen, [all, all, all], "which scopes were cancelled, as each callback saw it");
    },
  ),

  caseOf(
    "CA-3",
    "awaited-together",
    "awaits all cancelled members together: 100 cleanups of 40 ms take 40 ms",
    {},
    async (trial) => {
      let cleaned = 0;
      const block = trial.api.taskGroup(async (group) => {
        for (let n = 0; n < 100; n++) {
          group.createTask(async (member) => {
            try {
              await trial.sleep(member, 1000);
            } finally {
              await pause(40);
              cleaned++;
            }
          });
        }
        await pause(5);
        throw new Error("boom");
      });
      await rejectionOf(block, "the block");
      equal([cleaned, trial.clock.now()], [100, 45], "the cleanups that ended, and the time at the end");
    },
  ),

  caseOf(
    "CA-3",
    "cancelled-error",
    "CancelledError is an AbortError by its name, and told apart by instanceof and its code",
    { needs: ["CancelledError"] },
    ({ api: { CancelledError } }) => {
      const error = new CancelledError("enough");
      equal([error.name, error.message], ["AbortError", "enough"], "name and message");
      instance(error, Error, "it");
      check(typeof error.code === "string" && error.code.length > 0, "it should have a code of its own");
      check(!(new DOMException("x", "AbortError") instanceof CancelledError), "the platform's should be no instance");
    },
  ),

  ...(
    [
      ["name", "an error with the name AbortError", () => Object.assign(new Error("gone"), { name: "AbortError" })],
      ["dom-exception", "the platform's AbortError", () => new DOMException("gone", "AbortError")],
      ["abort-err", "an error with the code ABORT_ERR", () => Object.assign(new Error("gone"), { code: "ABORT_ERR" })],
      [
        "err-canceled",
        "an error with the code ERR_CANCELED",
        () => Object.assign(new Error("gone"), { code: "ERR_CANCELED" }),
      ],
      ["plain-object", "a plain object with the name AbortError", () => ({ name: "AbortError" })],
    ] as const
  ).flatMap(([name, what, make]) => [
    caseOf(
      "CA-3",
      `asked-for-${name}`,
      `takes ${what} for a cancellation in a scope that was cancelled`,
      { needs: ["option.signal"] },
      async (trial) => {
        const stop = new Error("stop");
        same(await outOf(trial, make(), stop), stop, "what comes out");
      },
    ),
    caseOf(
      "CA-3",
      `not-asked-for-${name}`,
      `takes ${what} for a failure in a scope that nobody has cancelled`,
      {},
      async (trial) => {
        const gone = make();
        const block = trial.api.taskGroup((group) => void group.createTask(() => Promise.reject(gone)));
        const errors = errorsOf(await rejectionOf(block, "the block"));
        same(errors[0], gone, "the error in the group");
      },
    ),
  ]),

  caseOf(
    "CA-3",
    "cause-alone",
    "an error whose cause is the reason is a failure: the cleanup went wrong",
    { needs: ["option.signal"] },
    async (trial) => {
      const stop = new Error("stop");
      const rollback = new Error("rollback failed", { cause: stop });
      const errors = errorsOf(await outOf(trial, rollback, stop));
      equal(errors.length, 1, "the number of errors");
      same(errors[0], rollback, "the error in the group");
    },
  ),

  caseOf(
    "CA-3",
    "null-for-null-only",
    "undefined isn't the cancellation of a scope whose reason is null",
    { needs: ["option.signal"] },
    async (trial) => {
      const errors = errorsOf(await outOf(trial, undefined, null));
      equal(errors, [undefined], "what is in the group");
    },
  ),

  caseOf(
    "CA-3",
    "getters-that-throw",
    "an error whose name and code can't be read is a failure",
    { needs: ["option.signal"] },
    async (trial) => {
      const refuse = {
        get(): never {
          throw new Error("no");
        },
      };
      const odd = Object.defineProperties({}, { name: refuse, code: refuse });
      const errors = errorsOf(await outOf(trial, odd, new Error("stop")));
      check(errors.length === 1 && errors[0] === odd, "it should be in the group");
    },
  ),

  caseOf(
    "CA-3",
    "own-test",
    "takes for a cancellation what the group's isCancellation(error, reason) says, in a cancelled scope only",
    { needs: ["option.signal", "option.isCancellation"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      // Nothing that a host has: its adapter may know its copies of a reason by itself.
      const copy = new Error("the library that was called gave up");
      const asked: unknown[] = [];
      const isCancellation = (error: unknown, reason: unknown): boolean => asked.push(error, reason) > 0;
      const block = trial.api.taskGroup({ signal: outside.signal, isCancellation }, async (group) => {
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(copy)));
        await pause(5);
        outside.abort(stop);
      });
      same(await rejectionOf(block, "the block"), stop, "what comes out");
      check(asked[0] === copy && asked[1] === stop, "it should be asked with the error and the reason");
      asked.length = 0;
      const other = trial.api.taskGroup({ isCancellation }, () => Promise.reject(copy));
      same(
        errorsOf(await rejectionOf(other, "the block"))[0],
        copy,
        "the failure of a group that nobody has cancelled",
      );
      equal(asked.length, 0, "the questions about it");
    },
  ),
];
