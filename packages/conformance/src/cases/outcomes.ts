import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

/** Runs a group whose outside cancels it at 10 ms, and fails unless the block rejects with that very reason. */
async function passesOn(
  trial: Trial,
  reason: unknown,
  body: (group: TaskGroup) => unknown,
  options: { readonly timeout?: number } = {},
): Promise<void> {
  const outside = trial.controller();
  const block = rejectionOf(trial.api.taskGroup({ ...options, signal: outside.signal }, body), "the block");
  await pause(10);
  outside.abort(reason);
  same(await block, outside.signal.reason, "what the block rejects with");
}

export const outcomes: readonly Case[] = [
  caseOf("OUT-2", "order", "throws what failed in order: members as they settled, then the body", {}, async (trial) => {
    const [first, second, body] = [new Error("first"), new Error("second"), new Error("body")] as const;
    const block = trial.api.taskGroup(async (group) => {
      group.createTask(async (task) => {
        await trial.sleep(task, 1000).catch(() => pause(20));
        throw second;
      });
      group.createTask(async (task) => {
        await trial.sleep(task, 1000).catch(() => {});
        throw first;
      });
      await trial.sleep(group, 1);
      throw body;
    });
    await failsWith(block, first, second, body);
  }),
  caseOf(
    "OUT-2",
    "cleanups-last",
    "throws what cleanups threw after what members and the body threw",
    { needs: ["group.defer"] },
    async (trial) => {
      const [member, body, cleanup] = [new Error("member"), new Error("body"), new Error("cleanup")] as const;
      const block = trial.api.taskGroup(async (group) => {
        group.defer(() => Promise.reject(cleanup));
        group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(member)));
        await trial.sleep(group, 1);
        throw body;
      });
      await failsWith(block, member, body, cleanup);
    },
  ),
  caseOf(
    "OUT-2",
    "base-exception",
    "throws a BaseExceptionGroup that is no ExceptionGroup if something in it is a BaseException",
    { needs: ["BaseException", "BaseExceptionGroup", "ExceptionGroup"] },
    async ({ api }) => {
      class Halt extends api.BaseException {}
      const halt = new Halt("halt");
      const error = await failsWith(
        api.taskGroup((group) => void group.createTask(() => Promise.reject(halt))),
        halt,
      );
      instance(error, api.BaseExceptionGroup, "what the block rejects with");
      check(!(error instanceof api.ExceptionGroup), "it should be no ExceptionGroup");
    },
  ),
  caseOf(
    "OUT-2",
    "outside-cause",
    "gives a failure the reason of an outside cancel as its cause, also a falsy one",
    { needs: ["option.signal"] },
    async (trial) => {
      for (const reason of [new Error("stop"), null, 0, "", "stop"]) {
        const outside = trial.controller();
        const boom = new Error("boom");
        const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(reason);
          await trial.sleep(group, 1).catch(() => {});
          throw boom;
        });
        const error = await failsWith(block, boom);
        check(Object.hasOwn(error, "cause"), "the group should have a cause");
        same(error.cause, reason, "its cause");
      }
    },
  ),
  caseOf("OUT-2", "no-cause", "makes up no cause for what failed by itself", {}, async (trial) => {
    const boom = new Error("boom");
    const error = await failsWith(
      trial.api.taskGroup((group) => {
        group.createTask((task) => trial.sleep(task, 10));
        group.createTask(() => Promise.reject(boom));
      }),
      boom,
    );
    same(error.cause, undefined, "the cause");
  }),
  caseOf(
    "OUT-2",
    "no-cause-cancelled",
    "makes up no cause for what failed after group.cancel()",
    { needs: ["group.cancel"] },
    async ({ api }) => {
      const boom = new Error("boom");
      const error = await failsWith(
        api.taskGroup((group) => {
          group.cancel("enough");
          throw boom;
        }),
        boom,
      );
      same(error.cause, undefined, "the cause");
    },
  ),

  caseOf(
    "OUT-3",
    "reason",
    "rejects with the reason of an outside cancel itself",
    { needs: ["option.signal"] },
    async (trial) => {
      const stop = Object.freeze(new Error("stop"));
      await passesOn(trial, stop, (group) => trial.sleep(group, 100));
    },
  ),
  caseOf(
    "OUT-3",
    "falsy-reason",
    "rejects with a falsy reason like with any other",
    { needs: ["option.signal"] },
    async (trial) => {
      for (const reason of [null, 0, "", false, Number.NaN]) {
        await passesOn(trial, reason, (group) => trial.sleep(group, 100));
      }
    },
  ),
  caseOf(
    "OUT-3",
    "default-reason",
    "rejects with the host's own reason if abort() was given none",
    { needs: ["option.signal"] },
    (trial) => passesOn(trial, undefined, (group) => trial.sleep(group, 100)),
  ),
  caseOf(
    "OUT-3",
    "body-done",
    "rejects with the reason of an outside cancel even if the body gave a value and the members did, too",
    { needs: ["option.signal"] },
    (trial) =>
      passesOn(trial, new Error("stop"), (group) => {
        group.createTask(() => pause(20));
        return "value";
      }),
  ),
  caseOf(
    "OUT-3",
    "swallowed",
    "rejects with the reason of an outside cancel that everybody in it has swallowed",
    { needs: ["option.signal"] },
    (trial) =>
      passesOn(trial, new Error("stop"), async (group) => {
        group.createTask((task) => trial.sleep(task, 100).catch(() => {}));
        await trial.sleep(group, 100).catch(() => {});
        return "value";
      }),
  ),
  caseOf(
    "OUT-3",
    "after-cancel",
    "rejects with the reason of an outside cancel that comes while it drains after group.cancel()",
    { needs: ["option.signal", "group.cancel"] },
    (trial) =>
      passesOn(trial, new Error("stop"), async (group) => {
        group.createTask(() => pause(20));
        await trial.sleep(group, 1);
        group.cancel("enough");
      }),
  ),
  caseOf(
    "OUT-3",
    "after-deadline",
    "rejects with the reason of an outside cancel that comes while it drains after its deadline",
    { needs: ["option.signal", "option.timeout"] },
    (trial) =>
      passesOn(
        trial,
        new Error("stop"),
        async (group) => {
          group.createTask(() => pause(20));
          await trial.sleep(group, 100);
        },
        { timeout: 5 },
      ),
  ),
  caseOf(
    "OUT-3",
    "during-cleanup",
    "rejects with the reason of an outside cancel that comes while only a cleanup is left",
    { needs: ["option.signal", "group.defer"] },
    (trial) => passesOn(trial, new Error("stop"), (group) => group.defer(() => pause(20))),
  ),
  caseOf(
    "OUT-3",
    "too-late",
    "takes no notice of an outside cancel that comes after it settled",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const block = trial.api.taskGroup({ signal: outside.signal }, () => 7);
      await block;
      outside.abort(new Error("stop"));
      equal(await block, 7);
    },
  ),
  caseOf(
    "OUT-3",
    "policy",
    "rejects with the reason of an outside cancel, whatever its policy would give",
    { needs: ["option.signal", "option.policy"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const policy = { onSettled: () => "continue" as const, result: () => "the policy's" };
      const block = rejectionOf(
        trial.api.taskGroup({ signal: outside.signal, policy }, (group) => trial.sleep(group, 100)),
        "the block",
      );
      await pause(10);
      outside.abort(stop);
      same(await block, stop);
    },
  ),

  caseOf(
    "OUT-4",
    "body",
    "rejects with a TimeoutError if its deadline cut the body short",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      const error = await rejectionOf(trial.api.taskGroup({ timeout: 10 }, (group) => trial.sleep(group, 1000)));
      instance(error, trial.api.TimeoutError, "what the block rejects with");
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "OUT-4",
    "member",
    "rejects with a TimeoutError if its deadline cut a member short, in spite of the body's value",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        return "value";
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what the block rejects with");
    },
  ),
  caseOf(
    "OUT-4",
    "nobody",
    "gives the body's value if its deadline cut nobody short",
    { needs: ["option.timeout"] },
    async ({ api, clock }) => {
      const value = await api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask(() => pause(20));
        return "value";
      });
      equal([value, clock.now()], ["value", 20]);
    },
  ),
  caseOf(
    "OUT-4",
    "background",
    "gives the body's value if its deadline cut short nobody but background members",
    { needs: ["option.timeout", "task option.background"] },
    async (trial) => {
      const value = await trial.api.taskGroup({ timeout: 10 }, async (group) => {
        group.createTask((task) => trial.sleep(task, 1000), { background: true });
        await pause(20);
        return "value";
      });
      equal(value, "value");
    },
  ),
  caseOf(
    "OUT-4",
    "after-cancel",
    "makes no TimeoutError of a deadline that passes while it drains after group.cancel()",
    { needs: ["option.timeout", "group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(50)));
        void pause(5).then(() => group.cancel());
        return "value";
      });
      equal([value, trial.clock.now()], ["value", 55]);
    },
  ),

  caseOf(
    "OUT-5",
    "value-after-cancel",
    "gives the body's value after group.cancel() ended the members",
    { needs: ["group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup((group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.cancel();
        return "value";
      });
      equal([value, trial.clock.now()], ["value", 0]);
    },
  ),
  caseOf(
    "OUT-5",
    "undefined-after-cancel",
    "gives undefined if the body ended cancelled by group.cancel()",
    { needs: ["group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup(async (group) => {
        group.cancel(new Error("enough"));
        await trial.sleep(group, 1);
        return "value";
      });
      equal(value, undefined);
    },
  ),
];
