import type { Task, TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { contains, equal, instance, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

const NEEDS = ["task option.background"] as const;
const background = { background: true } as const;

export const backgroundMembers: readonly Case[] = [
  caseOf(
    "ME-12",
    "cancelled-at-end",
    "cancels background members when the body and the others are done",
    { needs: NEEDS },
    async (trial) => {
      const value = await trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 1000).finally(() => trial.say("background ends")), background);
        group.createTask((task) => trial.sleep(task, 45));
        await trial.sleep(group, 20);
        return "value";
      });
      trial.say(`block gave ${value}`);
      equal(trial.log, ["45 background ends", "45 block gave value"]);
    },
  ),
  caseOf(
    "ME-12",
    "body-last",
    "cancels background members when the body is the last to be done",
    { needs: NEEDS },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 1000), background);
        await trial.sleep(group, 20);
      });
      equal(trial.clock.now(), 20);
    },
  ),
  caseOf("ME-12", "runs", "runs background members while the group is open", { needs: NEEDS }, async (trial) => {
    let beats = 0;
    await trial.api.taskGroup(async (group) => {
      group.createTask(async (task) => {
        for (let n = 0; n < 100; n++) {
          await trial.sleep(task, 10);
          beats++;
        }
      }, background);
      await trial.sleep(group, 35);
    });
    equal(beats, 3);
  }),
  caseOf("ME-12", "awaited", "waits for the cleanup of background members", { needs: NEEDS }, async (trial) => {
    await trial.api.taskGroup(async (group) => {
      group.createTask(async (task) => {
        await trial.sleep(task, 1000).catch(() => {});
        await pause(30);
        trial.say("background ends");
      }, background);
      await trial.sleep(group, 10);
    });
    trial.say("block settles");
    equal(trial.log, ["40 background ends", "40 block settles"]);
  }),
  caseOf(
    "ME-12",
    "newcomers",
    "calls nobody who comes while it cancels its background members",
    { needs: NEEDS },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => {});
          group.createTask(() => trial.say("called"));
          group.createTask(() => trial.say("called"), background);
        }, background);
        await trial.sleep(group, 1);
      });
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-12",
    "adds-foreground",
    "stays open for a member that a background member added",
    { needs: NEEDS },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 5);
          group.createTask((child) => trial.sleep(child, 50));
          await trial.sleep(task, 1000);
        }, background);
        await trial.sleep(group, 10);
      });
      equal(trial.clock.now(), 55);
    },
  ),
  caseOf(
    "ME-12",
    "ends-by-itself",
    "goes on when a background member ends by itself",
    { needs: NEEDS },
    async (trial) => {
      const value = await trial.api.taskGroup(async (group) => {
        const task = group.createTask(() => "warmed up", background);
        await trial.sleep(group, 10);
        return [await task, trial.isCancelled(group)];
      });
      equal([value, trial.clock.now()], [["warmed up", false], 10]);
    },
  ),
  caseOf(
    "ME-12",
    "fails",
    "fails with a background member, and cancels the others",
    { needs: NEEDS },
    async (trial) => {
      const lost = new Error("heartbeat lost");
      const block = trial.api.taskGroup((group) => {
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(lost)), background);
        group.createTask((task) => trial.sleep(task, 1000));
      });
      await failsWith(block, lost);
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "ME-12",
    "fails-at-end",
    "fails with what a background member throws while it is cancelled at the end",
    { needs: NEEDS },
    async (trial) => {
      const block = trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(undefined)), background);
        await trial.sleep(group, 1);
      });
      await failsWith(block, undefined);
    },
  ),
  caseOf(
    "ME-12",
    "outside-at-end",
    "settles with an outside cancel that comes while it waits for its background members",
    { needs: [...NEEDS, "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        group.createTask(() => pause(100), background);
        await trial.sleep(group, 1);
      });
      const settled = rejectionOf(block, "the block");
      await pause(20);
      outside.abort(stop);
      same(await settled, stop);
      equal(trial.clock.now(), 100);
    },
  ),
  caseOf(
    "ME-12",
    "no-slot",
    "gives background members no slot of its limit",
    { needs: [...NEEDS, "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1 }, async (group) => {
        const work =
          (name: string, ms: number) =>
          (task: TaskScope): Promise<void> => {
            trial.say(name);
            return trial.sleep(task, ms);
          };
        group.createTask(work("a", 10));
        group.createTask(work("b", 10));
        group.createTask(work("background", 1000), background);
        await trial.sleep(group, 1);
      });
      equal(trial.log, ["0 a", "0 background", "10 b"]);
    },
  ),
  caseOf(
    "ME-12",
    "no-slot-back",
    "takes no slot back from a background member that ends",
    { needs: [...NEEDS, "option.limit"] },
    async (trial) => {
      let [running, most] = [0, 0];
      await trial.api.taskGroup({ limit: 2 }, (group) => {
        for (let n = 0; n < 5; n++) group.createTask(() => {}, background);
        for (let n = 0; n < 6; n++) {
          group.createTask(async (task) => {
            most = Math.max(most, ++running);
            await trial.sleep(task, 5);
            running--;
          });
        }
      });
      equal(most, 2, "how many ran at once");
    },
  ),
  caseOf("ME-12", "size", "doesn't count background members", { needs: [...NEEDS, "group.size"] }, async (trial) => {
    const sizes = await trial.api.taskGroup((group) => {
      group.createTask((task) => trial.sleep(task, 1000), background);
      const before = group.size;
      group.createTask((task) => trial.sleep(task, 10));
      return [before, group.size];
    });
    equal(sizes, [0, 1]);
  }),
  caseOf(
    "ME-12",
    "idle",
    "waits in idle() for no background member",
    { needs: [...NEEDS, "group.idle"] },
    async (trial) => {
      const times = await trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 1000), background);
        await group.idle();
        const first = trial.clock.now();
        group.createTask((task) => trial.sleep(task, 10));
        await group.idle();
        return [first, trial.clock.now()];
      });
      equal(times, [0, 10]);
    },
  ),
  caseOf(
    "ME-12",
    "returned-handle",
    "takes a background member's handle that the body returns for an InvalidStateError",
    { needs: [...NEEDS, "InvalidStateError", "task option.name"] },
    async (trial) => {
      let task!: Task<void>;
      const { errors } = await groupFrom(
        trial.api.taskGroup((group) => {
          task = group.createTask((scope) => trial.sleep(scope, 1000), { background: true, name: "daemon" });
          return task;
        }),
      );
      equal(errors.length, 1, "the number of failures");
      instance(errors[0], trial.api.InvalidStateError, "the failure");
      contains(errors[0].message, "daemon", "its message");
      equal(trial.clock.now(), 0);
    },
  ),
];
