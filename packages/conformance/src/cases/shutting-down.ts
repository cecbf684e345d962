import type { TaskGroup, TaskGroupOptions } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

/** Opens a group that its body holds open, shuts it down at 1 ms, and looks at it at 11 ms, while it drains. */
async function whileShuttingDown<T>(
  trial: Trial,
  options: TaskGroupOptions,
  shutDown: (group: TaskGroup) => void,
  look: (group: TaskGroup) => T | PromiseLike<T>,
): Promise<T> {
  const hold = trial.deferred();
  let group!: TaskGroup;
  const block = trial.outcome(
    trial.api.taskGroup(options, (scope) => {
      group = scope;
      return hold.promise;
    }),
  );
  await pause(1);
  shutDown(group);
  await pause(10);
  try {
    return await look(group);
  } finally {
    hold.resolve();
    await block;
  }
}

const failing = (group: TaskGroup): void => void group.createTask(() => Promise.reject(new Error("boom")));

/** Fails unless a newcomer is dead on arrival: not called, nothing thrown, the group's reason for whoever awaits it. */
async function takesNobody(
  trial: Trial,
  options: TaskGroupOptions,
  shutDown: (group: TaskGroup) => void,
): Promise<unknown> {
  let calls = 0;
  const { error, reason } = await whileShuttingDown(trial, options, shutDown, async (group) => {
    const task = group.createTask(() => void calls++);
    return { error: await rejectionOf(task, "the newcomer's handle"), reason: group.signal.reason as unknown };
  });
  equal(calls, 0, "how often the newcomer's function was called");
  same(error, reason, "what awaiting the newcomer rejects with");
  return error;
}

export const shuttingDown: readonly Case[] = [
  caseOf(
    "LC-4",
    "after-failure",
    "never calls a function that comes after a failure: its task is cancelled with the group's reason",
    {},
    async (trial) => {
      await takesNobody(trial, {}, failing);
    },
  ),
  caseOf(
    "LC-4",
    "after-outside-cancel",
    "never calls a function that comes after an outside cancel: its task rejects with that very reason",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      same(await takesNobody(trial, { signal: outside.signal }, () => outside.abort(stop)), stop);
    },
  ),
  caseOf(
    "LC-4",
    "after-null-reason",
    "never calls a function that comes after an outside cancel whose reason is null",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      same(await takesNobody(trial, { signal: outside.signal }, () => outside.abort(null)), null);
    },
  ),
  caseOf(
    "LC-4",
    "after-deadline",
    "never calls a function that comes after the group's deadline",
    { needs: ["option.timeout"] },
    async (trial) => {
      await takesNobody(trial, { timeout: 5 }, () => {});
    },
  ),
  caseOf(
    "LC-4",
    "after-cancel",
    "never calls a function that comes after group.cancel()",
    { needs: ["group.cancel"] },
    async (trial) => {
      await takesNobody(trial, {}, (group) => group.cancel("enough"));
    },
  ),
  caseOf(
    "LC-4",
    "after-body-failure",
    "never calls a function that a member adds after the body has failed",
    {},
    async (trial) => {
      const boom = new Error("boom");
      let calls = 0;
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 100).catch(() => {});
          group.createTask(() => void calls++);
        });
        await trial.sleep(group, 1);
        throw boom;
      });
      await failsWith(block, boom);
      equal(calls, 0, "how often the newcomer's function was called");
    },
  ),
  caseOf(
    "LC-4",
    "state",
    "gives a newcomer that is cancelled already",
    { needs: ["task.state", "task.settled"] },
    async (trial) => {
      const { seen, reason } = await whileShuttingDown(trial, {}, failing, (group) => {
        const task = group.createTask(() => {});
        return { seen: [task.state, task.settled()], reason: group.signal.reason as unknown };
      });
      equal(seen, ["cancelled", { status: "rejected", reason }]);
    },
  ),
  caseOf(
    "LC-4",
    "result",
    "throws a CancelledError from result() of a newcomer",
    { needs: ["task.result", "CancelledError"] },
    async (trial) => {
      const error = await whileShuttingDown(trial, {}, failing, (group) => {
        const task = group.createTask(() => {});
        return thrownBy(() => task.result(), "result()");
      });
      instance(error, trial.api.CancelledError, "what result() throws");
    },
  ),
  caseOf("LC-4", "eager", "never calls an eager function either", { needs: ["task option.eager"] }, async (trial) => {
    let calls = 0;
    await whileShuttingDown(trial, {}, failing, (group) => {
      group.createTask(() => void calls++, { eager: true });
    });
    equal(calls, 0, "how often the newcomer's function was called");
  }),
  caseOf("LC-4", "size", "doesn't count a newcomer", { needs: ["group.size"] }, async (trial) => {
    const size = await whileShuttingDown(trial, {}, failing, (group) => {
      group.createTask(() => {});
      return group.size;
    });
    equal(size, 0);
  }),
  caseOf(
    "LC-4",
    "start",
    "rejects from start() with the group's reason and never calls the function",
    { needs: ["group.start"] },
    async (trial) => {
      let calls = 0;
      const { error, reason } = await whileShuttingDown(trial, {}, failing, async (group) => ({
        error: await rejectionOf(
          group.start(() => void calls++),
          "start()",
        ),
        reason: group.signal.reason as unknown,
      }));
      same(error, reason, "what start() rejects with");
      equal(calls, 0, "how often the function was called");
    },
  ),
  caseOf(
    "LC-4",
    "instruments",
    "tells instruments of the newcomer, and never that it starts",
    { needs: ["addInstrument", "task option.name"] },
    async (trial) => {
      const instrument = trial.api.addInstrument({
        onTaskCreate: ({ name }) => trial.say(`create ${name}`),
        onTaskStart: ({ name }) => trial.say(`start ${name}`),
      });
      trial.afterwards(() => instrument[Symbol.dispose]?.());
      await whileShuttingDown(
        trial,
        {},
        (group) => void group.createTask(() => Promise.reject(new Error("boom")), { name: "fails" }),
        (group) => void group.createTask(() => {}, { name: "late" }),
      );
      equal(trial.log, ["1 create fails", "1 start fails", "11 create late"]);
    },
  ),
  caseOf(
    "LC-4",
    "body-loop",
    "ends a body that creates members in a loop as cancelled, not as failed",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("client gone");
      let rounds = 0;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        while (++rounds < 100) await group.createTask((task) => trial.sleep(task, 2));
      });
      await pause(5);
      outside.abort(stop);
      same(await rejectionOf(block, "the block"), stop);
      check(rounds < 100, "the loop should have ended");
    },
  ),
  caseOf(
    "LC-4",
    "cleanup-spawns",
    "ends a member that adds another while it is cancelled as cancelled, not as failed",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup((group) => {
        group.createTask(async (task) => {
          try {
            await trial.sleep(task, 100);
          } catch {
            await group.createTask(() => {});
          }
        });
        group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom);
    },
  ),
  caseOf("LC-4", "abort-listener", "doesn't throw into an abort listener that creates a member", {}, async (trial) => {
    const boom = new Error("boom");
    let calls = 0;
    const thrown: unknown[] = [];
    const block = trial.api.taskGroup((group) => {
      const spawn = (): void => {
        try {
          group.createTask(() => void calls++);
        } catch (error) {
          thrown.push(error);
        }
      };
      group.signal.addEventListener("abort", spawn);
      group.createTask((task) => {
        task.signal.addEventListener("abort", spawn);
        return trial.sleep(task, 100);
      });
      group.createTask(() => Promise.reject(boom));
    });
    await failsWith(block, boom);
    equal([calls, thrown], [0, []], "calls of the function, and what createTask threw");
  }),
  caseOf(
    "LC-4",
    "unawaited",
    "raises no unhandled rejection for a newcomer that nobody awaits",
    { needs: ["unhandled rejections"] },
    async (trial) => {
      await whileShuttingDown(trial, {}, failing, async (group) => {
        group.createTask(() => {});
        void group.createTask(() => {}).then(() => {});
        await trial.clock.settle();
      });
      equal(await trial.takeUnhandled(), []);
    },
  ),
];
