import type { Task, TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

const ALONE = ["option.memberCancel", "task.cancel"] as const;

export const memberCancel: readonly Case[] = [
  caseOf(
    "ME-5",
    "refused",
    "returns false from cancel() of a running member, and changes nothing",
    { needs: ["task.cancel"] },
    async (trial) => {
      const seen = await trial.api.taskGroup(async (group) => {
        const task = group.createTask(async (scope) => {
          await trial.sleep(scope, 10);
          return trial.isCancelled(scope);
        });
        await trial.sleep(group, 1);
        return [task.cancel("why"), await task, trial.isCancelled(group)];
      });
      equal([seen, trial.clock.now()], [[false, false, false], 10]);
    },
  ),
  caseOf(
    "ME-5",
    "refused-pending",
    "returns false from cancel() of a member that hasn't started, and runs it",
    { needs: ["task.cancel"] },
    async ({ api }) => {
      const seen = await api.taskGroup(async (group) => {
        const task = group.createTask(() => "ran");
        return [task.cancel(), await task];
      });
      equal(seen, [false, "ran"]);
    },
  ),
  caseOf(
    "ME-5",
    "reported-once",
    "tells instruments of each member whose cancellation it refused, once",
    { needs: ["task.cancel", "addInstrument", "task option.name"] },
    async (trial) => {
      const instrument = trial.api.addInstrument({
        onIgnoredCancel: ({ name }) => trial.say(`ignored ${name}`),
        onCancel: () => trial.say("cancelled"),
      });
      trial.afterwards(() => instrument[Symbol.dispose]?.());
      await trial.api.taskGroup(async (group) => {
        const tasks = ["a", "b"].map((name) => group.createTask((task) => trial.sleep(task, 10), { name }));
        for (const task of tasks) for (let n = 0; n < 3; n++) task.cancel();
      });
      equal(trial.log, ["0 ignored a", "0 ignored b"]);
    },
  ),
  caseOf(
    "ME-5",
    "finished",
    "returns false from cancel() of a member that has ended, and tells nobody",
    { needs: ["task.cancel", "addInstrument"] },
    async (trial) => {
      const instrument = trial.api.addInstrument({ onIgnoredCancel: () => trial.say("ignored") });
      trial.afterwards(() => instrument[Symbol.dispose]?.());
      const answer = await trial.api.taskGroup(async (group) => {
        const task = group.createTask(() => 1);
        await task;
        return task.cancel();
      });
      equal([answer, trial.log], [false, []]);
    },
  ),
  caseOf(
    "ME-5",
    "nested-alone",
    "lets work be cancelled alone in a group of its own",
    { needs: ["group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        let stop = (): void => {};
        group.createTask(async () => {
          await trial.api.taskGroup((inner) => {
            stop = () => inner.cancel();
            inner.createTask((task) => trial.sleep(task, 1000));
          });
          trial.say("the group of its own has ended");
        });
        group.createTask((task) => trial.sleep(task, 20).then(() => trial.say("sibling ends")));
        await trial.sleep(group, 10);
        stop();
      });
      equal(trial.log, ["10 the group of its own has ended", "20 sibling ends"]);
    },
  ),

  caseOf(
    "ME-6",
    "alone",
    "returns true from cancel() under memberCancel, and cancels that task alone",
    { needs: ALONE },
    async (trial) => {
      const seen = await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const alone = group.createTask((task) => trial.sleep(task, 1000));
        const sibling = group.createTask((task) => trial.sleep(task, 30).then(() => "sibling"));
        await trial.sleep(group, 10);
        const answer = alone.cancel();
        await rejectionOf(alone, "the handle of the member that was cancelled");
        return [answer, trial.isCancelled(group), await sibling];
      });
      equal([seen, trial.clock.now()], [[true, false, "sibling"], 30]);
    },
  ),
  caseOf(
    "ME-6",
    "silent",
    "settles with the body's value after a member was cancelled alone, and reports nothing",
    { needs: ALONE },
    async (trial) => {
      const value = await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 1000));
        await trial.sleep(group, 1);
        task.cancel();
        return "value";
      });
      equal([value, trial.clock.now(), trial.reports], ["value", 1, []]);
    },
  ),
  caseOf(
    "ME-6",
    "reason",
    "cancels a member alone by a CancelledError whose cause is cancel()'s argument",
    { needs: [...ALONE, "CancelledError"] },
    async (trial) => {
      const why = { an: "object" };
      let reason: unknown;
      await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 1000));
        await trial.sleep(group, 1);
        task.cancel(why);
        reason = await rejectionOf(task, "the handle");
      });
      instance(reason, trial.api.CancelledError, "what the handle rejects with");
      same(reason.cause, why, "its cause");
    },
  ),
  caseOf(
    "ME-6",
    "pending",
    "never runs a member that was cancelled alone before it started",
    { needs: ALONE },
    async (trial) => {
      await trial.api.taskGroup({ memberCancel: true }, (group) => {
        const tasks = ["a", "b", "c"].map((name) => group.createTask(() => trial.say(name)));
        tasks[1]?.cancel();
      });
      equal(trial.log, ["0 a", "0 c"]);
    },
  ),
  caseOf(
    "ME-6",
    "queued",
    "lets a member that is cancelled alone give up its place in the queue for a slot",
    { needs: [...ALONE, "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ memberCancel: true, limit: 1 }, async (group) => {
        const work =
          (name: string) =>
          (task: TaskScope): Promise<void> => {
            trial.say(name);
            return trial.sleep(task, 10);
          };
        const tasks = ["a", "b", "c"].map((name) => group.createTask(work(name)));
        await trial.sleep(group, 5);
        tasks[1]?.cancel();
      });
      equal(trial.log, ["0 a", "10 c"]);
    },
  ),
  caseOf(
    "ME-6",
    "slot",
    "gives the slot of a member that was cancelled alone back when it has really ended",
    { needs: [...ALONE, "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ memberCancel: true, limit: 1 }, async (group) => {
        const first = group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => pause(50));
          trial.say("first ends");
        });
        group.createTask(() => trial.say("second starts"));
        await trial.sleep(group, 1);
        first.cancel();
      });
      equal(trial.log, ["51 first ends", "51 second starts"]);
    },
  ),
  caseOf(
    "ME-6",
    "subtree",
    "cancels with a member what the member opened",
    { needs: [...ALONE, "option.signal"] },
    async (trial) => {
      await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) =>
          trial.nested(scope, (inner: typeof group) => {
            inner.createTask((member) => trial.sleep(member, 1000).finally(() => trial.say("inner member ends")));
          }),
        );
        await trial.sleep(group, 1);
        task.cancel();
      });
      equal(trial.log, ["1 inner member ends"]);
    },
  ),
  caseOf(
    "ME-6",
    "finished",
    "returns false from cancel() of a member that has ended",
    { needs: ALONE },
    async ({ api }) => {
      const answer = await api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask(() => 1);
        await task;
        return task.cancel();
      });
      equal(answer, false);
    },
  ),
  caseOf(
    "ME-6",
    "twice",
    "keeps the first reason when a member is cancelled alone twice",
    { needs: [...ALONE, "CancelledError"] },
    async (trial) => {
      const seen = await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask(async (scope) => {
          await trial.sleep(scope, 1000).catch(() => pause(10));
          throw scope.signal.reason;
        });
        await trial.sleep(group, 1);
        const answers = [task.cancel("first"), task.cancel("second")];
        return [...answers, ((await rejectionOf(task)) as Error).cause];
      });
      equal(seen, [true, true, "first"]);
    },
  ),
  caseOf(
    "ME-6",
    "failure",
    "fails with what a member throws while it is cancelled alone",
    { needs: ALONE },
    async (trial) => {
      const rollback = new Error("rollback");
      const block = trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 1000).catch(() => Promise.reject(rollback)));
        await trial.sleep(group, 1);
        task.cancel();
        await trial.sleep(group, 1000);
      });
      await failsWith(block, rollback);
      equal(trial.clock.now(), 1);
    },
  ),

  caseOf(
    "ME-7",
    "swallows",
    "takes a member that swallows its cancellation for done with what it returns",
    {},
    async (trial) => {
      const boom = new Error("boom");
      let task!: Task<string>;
      const block = trial.api.taskGroup((group) => {
        task = group.createTask((scope) =>
          trial.sleep(scope, 10).then(
            () => "slept",
            () => "swallowed",
          ),
        );
        group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom);
      equal(await task, "swallowed");
    },
  ),
  caseOf(
    "ME-7",
    "swallows-state",
    "says of a member that swallowed its cancellation that it is done",
    { needs: ["task.state", "group.cancel"] },
    async (trial) => {
      const task = await trial.api.taskGroup(async (group) => {
        const swallowing = group.createTask((scope) => trial.sleep(scope, 10).catch(() => "swallowed"));
        await trial.sleep(group, 1);
        group.cancel();
        return { swallowing };
      });
      equal(task.swallowing.state, "done");
    },
  ),
  caseOf(
    "ME-7",
    "throws-another",
    "takes another error that a member throws while it is cancelled for a failure, also a falsy one",
    {},
    async (trial) => {
      for (const thrown of [new Error("rollback"), undefined, null, 0, ""]) {
        const boom = new Error("boom");
        const block = trial.api.taskGroup((group) => {
          group.createTask((task) => trial.sleep(task, 10).catch(() => Promise.reject(thrown)));
          group.createTask(() => Promise.reject(boom));
        });
        await failsWith(block, boom, thrown);
      }
    },
  ),
  caseOf(
    "ME-7",
    "cause",
    "takes an error that merely has the cancellation as its cause for a failure",
    {},
    async (trial) => {
      const boom = new Error("boom");
      let rollback: unknown;
      const block = trial.api.taskGroup((group) => {
        group.createTask((task) =>
          trial.sleep(task, 10).catch((cause: unknown) => {
            rollback = new Error("rollback", { cause });
            throw rollback;
          }),
        );
        group.createTask(() => Promise.reject(boom));
      });
      const { errors } = await groupFrom(block);
      equal(errors.length, 2, "the number of failures");
      same(errors[1], rollback, "the second failure");
    },
  ),
];
