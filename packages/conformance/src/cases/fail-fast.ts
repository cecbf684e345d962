import type { TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, same } from "../check.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

const boom: Error = /* @__PURE__ */ new Error("boom");

export const failFast: readonly Case[] = [
  caseOf("FF-1", "siblings", "cancels every other live member when one fails", {}, async (trial) => {
    const block = trial.api.taskGroup((group) => {
      for (const name of ["a", "b"]) {
        group.createTask((task) => trial.sleep(task, 1000).catch(() => trial.say(`${name} cancelled`)));
      }
      group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
    });
    await failsWith(block, boom);
    equal(trial.log, ["10 a cancelled", "10 b cancelled"]);
  }),
  caseOf("FF-1", "body", "cancels the body's scope when a member fails", {}, async (trial) => {
    const block = trial.api.taskGroup(async (group) => {
      group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
      await trial.sleep(group, 1000);
    });
    await failsWith(block, boom);
    equal(trial.clock.now(), 10);
  }),
  caseOf(
    "FF-1",
    "after-body",
    "cancels the others when a member fails after the body has returned",
    {},
    async (trial) => {
      const block = trial.api.taskGroup((group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
        return "value";
      });
      await failsWith(block, boom);
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf("FF-1", "waits-for-all", "settles only when every member that it cancelled has ended", {}, async (trial) => {
    const block = trial.api.taskGroup((group) => {
      for (const ms of [30, 20]) {
        group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => {});
          await pause(ms);
          trial.say("cleaned up");
        });
      }
      group.createTask(() => Promise.reject(boom));
    });
    await failsWith(block, boom);
    trial.say("settled");
    equal(trial.log, ["20 cleaned up", "30 cleaned up", "30 settled"]);
  }),
  caseOf("FF-1", "waits-for-body", "settles only when the body that it cancelled has ended", {}, async (trial) => {
    const block = trial.api.taskGroup(async (group) => {
      group.createTask(() => Promise.reject(boom));
      await pause(40);
    });
    await failsWith(block, boom);
    equal(trial.clock.now(), 40);
  }),
  caseOf(
    "FF-1",
    "together",
    "cancels the members all at once, not one after the other's cleanup",
    {},
    async (trial) => {
      const block = trial.api.taskGroup((group) => {
        for (let n = 0; n < 5; n++) group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(20)));
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
      });
      await failsWith(block, boom);
      equal(trial.clock.now(), 30);
    },
  ),
  caseOf("FF-1", "subtree", "cancels groups within members, too", { needs: ["option.signal"] }, async (trial) => {
    const block = trial.api.taskGroup((group) => {
      group.createTask((task) =>
        trial.nested(task, (inner: typeof group) => {
          inner.createTask((member) => trial.sleep(member, 1000).finally(() => trial.say("inner member ends")));
        }),
      );
      group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
    });
    await failsWith(block, boom);
    equal(trial.log, ["10 inner member ends"]);
  }),
  caseOf("FF-1", "once", "keeps the reason of the first failure when others follow", {}, async (trial) => {
    const reasons: unknown[] = [];
    const late = new Error("late");
    const block = trial.api.taskGroup((group) => {
      group.createTask(async (task) => {
        await trial.sleep(task, 1000).catch(() => {});
        reasons.push(task.signal.reason);
        await pause(20);
        reasons.push(task.signal.reason);
      });
      group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(10).then(() => Promise.reject(late))));
      group.createTask(() => Promise.reject(boom));
    });
    await failsWith(block, boom, late);
    same(reasons[1], reasons[0], "the reason after the second failure");
  }),
  caseOf(
    "FF-1",
    "callback-once",
    "calls an abort callback once, however many fail",
    { needs: ["scope.onCancel"] },
    async (trial) => {
      const late = new Error("late");
      const block = trial.api.taskGroup((group) => {
        group.createTask((task) => {
          task.onCancel(() => trial.say("told"));
          return pause(20);
        });
        group.createTask(() => pause(10).then(() => Promise.reject(late)));
        group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom, late);
      equal(trial.log, ["0 told"]);
    },
  ),
  caseOf(
    "FF-1",
    "marked-first",
    "has cancelled every sibling by the time the first abort callback runs",
    { needs: ["scope.isCancelled"] },
    async (trial) => {
      const scopes: TaskScope[] = [];
      const seen: boolean[] = [];
      const block = trial.api.taskGroup((group) => {
        for (let n = 0; n < 3; n++) {
          group.createTask((task) => {
            scopes.push(task);
            task.signal.addEventListener("abort", () => {
              seen.push(group.isCancelled(), ...scopes.map((scope) => scope.isCancelled()));
            });
            return trial.sleep(task, 1000);
          });
        }
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
      });
      await failsWith(block, boom);
      equal(
        [seen.length, seen.includes(false)],
        [12, false],
        "how much was seen, and whether something wasn't cancelled",
      );
    },
  ),
  caseOf(
    "FF-1",
    "marked-subtree",
    "has cancelled the groups within members, too, by the time the first abort callback runs",
    { needs: ["scope.isCancelled", "scope.taskGroup"] },
    async (trial) => {
      let isInnerCancelled: boolean | undefined;
      const block = trial.api.taskGroup((group) => {
        let isCancelled: () => boolean = () => false;
        group.createTask((task) => {
          task.signal.addEventListener("abort", () => (isInnerCancelled = isCancelled()));
          return trial.sleep(task, 1000);
        });
        group.createTask((task) =>
          task.taskGroup((inner) => {
            inner.createTask((member) => {
              isCancelled = member.isCancelled;
              return trial.sleep(member, 1000);
            });
          }),
        );
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
      });
      await failsWith(block, boom);
      equal(isInnerCancelled, true, "whether the innermost member was cancelled");
    },
  ),
  caseOf(
    "FF-1",
    "callback-order",
    "calls abort callbacks in the order in which the members were created, then the body's",
    {},
    async (trial) => {
      const block = trial.api.taskGroup(async (group) => {
        group.signal.addEventListener("abort", () => trial.say("body"));
        for (const name of ["a", "b", "c"]) {
          group.createTask((task) => {
            task.signal.addEventListener("abort", () => trial.say(name));
            return trial.sleep(task, 1000);
          });
        }
        await trial.sleep(group, 10);
        throw boom;
      });
      await failsWith(block, boom);
      equal(trial.log, ["10 a", "10 b", "10 c", "10 body"]);
    },
  ),
  caseOf(
    "FF-1",
    "first-to-settle",
    "takes for the first failure the one that it sees settle first, not the member created first",
    {},
    async (trial) => {
      const [first, later] = [new Error("first"), new Error("later")] as const;
      const gates = [trial.deferred(), trial.deferred()] as const;
      const block = trial.api.taskGroup(async (group) => {
        for (const { promise } of gates) group.createTask(() => promise);
        await pause(1);
        gates[1].reject(first);
        gates[0].reject(later);
      });
      await failsWith(block, first, later);
    },
  ),
  caseOf("FF-1", "many", "stops a thousand members at once when one fails", {}, async (trial) => {
    let cancelled = 0;
    const block = trial.api.taskGroup((group) => {
      for (let n = 0; n < 1000; n++) group.createTask((task) => trial.sleep(task, 60_000).finally(() => cancelled++));
      group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
    });
    await failsWith(block, boom);
    equal([cancelled, trial.clock.now()], [1000, 10]);
  }),
];
