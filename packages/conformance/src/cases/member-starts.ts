import type { TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal } from "../check.ts";
import { failsWith } from "./thrown-group.ts";

/** So many microtasks are more than anybody needs to start a member, and fewer than a turn of the host's loop. */
const MICROTASKS = 20;

export const memberStarts: readonly Case[] = [
  caseOf("ME-2", "creation-order", "starts members in the order of their creation", {}, async (trial) => {
    await trial.api.taskGroup(async (group) => {
      for (const name of ["a", "b", "c"]) group.createTask(() => trial.say(name));
      await trial.sleep(group, 1);
      for (const name of ["d", "e"]) group.createTask(() => trial.say(name));
    });
    equal(trial.log, ["0 a", "0 b", "0 c", "1 d", "1 e"]);
  }),
  caseOf("ME-2", "later", "starts no member within createTask", {}, async (trial) => {
    await trial.api.taskGroup((group) => {
      group.createTask(() => trial.say("member"));
      trial.say("body");
    });
    equal(trial.log, ["0 body", "0 member"]);
  }),
  caseOf(
    "ME-2",
    "microtask",
    "starts members on a microtask, not in a later turn of the event loop",
    {},
    async ({ api }) => {
      const hasStarted = await api.taskGroup(async (group) => {
        let started = false;
        group.createTask(() => void (started = true));
        for (let n = 0; n < MICROTASKS && !started; n++) await Promise.resolve();
        return started;
      });
      check(hasStarted, `the member should have started after ${MICROTASKS} microtasks`);
    },
  ),
  caseOf(
    "ME-2",
    "eager",
    "starts an eager member within createTask",
    { needs: ["task option.eager"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(() => trial.say("member"), { eager: true });
        trial.say("body");
      });
      equal(trial.log, ["0 member", "0 body"]);
    },
  ),
  caseOf(
    "ME-2",
    "eager-queue",
    "lets no eager member overtake members that haven't started yet",
    { needs: ["task option.eager"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(() => trial.say("first"));
        group.createTask(() => trial.say("eager"), { eager: true });
        group.createTask(() => trial.say("last"));
        trial.say("body");
      });
      equal(trial.log, ["0 body", "0 first", "0 eager", "0 last"]);
    },
  ),
  caseOf(
    "ME-2",
    "eager-full",
    "lets an eager member without a free slot wait in the order of creation",
    { needs: ["task option.eager", "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1 }, (group) => {
        const work =
          (name: string) =>
          (task: TaskScope): Promise<void> => {
            trial.say(name);
            return trial.sleep(task, 1);
          };
        group.createTask(work("a"), { eager: true });
        group.createTask(work("b"), { eager: true });
        group.createTask(work("c"));
        group.createTask(work("d"), { eager: true });
        trial.say("body");
      });
      equal(trial.log, ["0 a", "0 body", "1 b", "2 c", "3 d"]);
    },
  ),
  caseOf(
    "ME-2",
    "eager-cancelled",
    "cancels an eager member that cancels the group before its first wait",
    { needs: ["task option.eager", "group.cancel"] },
    async (trial) => {
      let wait!: Promise<unknown>;
      await trial.api.taskGroup((group) => {
        group.createTask(
          async (task) => {
            group.cancel();
            await (wait = trial.outcome(trial.sleep(task, 1000)));
          },
          { eager: true },
        );
      });
      check("error" in ((await wait) as object), "the member's wait should fail");
      equal(trial.clock.now(), 0);
    },
  ),
  caseOf(
    "ME-2",
    "never-after-cancel",
    "never runs a member that hadn't started when group.cancel() was called",
    { needs: ["group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(() => trial.say("ran"));
        group.cancel();
      });
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-2",
    "never-in-batch",
    "never runs a member whose sibling, just started, cancels the group synchronously",
    { needs: ["group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(() => group.cancel());
        group.createTask(() => trial.say("ran"));
      });
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-2",
    "never-after-throw",
    "never runs a member whose body throws before its first wait",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const bodies: readonly (() => unknown)[] = [
        () => {
          throw boom;
        },
        async () => {
          throw boom;
        },
        () => Promise.reject(boom),
      ];
      for (const body of bodies) {
        const block = trial.api.taskGroup((group) => {
          group.createTask(() => trial.say("ran"));
          return body();
        });
        await failsWith(block, boom);
      }
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-2",
    "never-queued",
    "never runs a member that waits for a slot when another fails",
    { needs: ["option.limit"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ limit: 1 }, (group) => {
        group.createTask((task) => trial.sleep(task, 1).then(() => Promise.reject(boom)));
        for (const name of ["a", "b"]) group.createTask(() => trial.say(name));
      });
      await failsWith(block, boom);
      equal(trial.log, []);
    },
  ),

  caseOf(
    "ME-4",
    "after-batch",
    "learns of a synchronous throw after the whole batch of starts that it belongs to",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup((group) => {
        group.signal.addEventListener("abort", () => trial.say("cancelled"));
        group.createTask(() => {
          trial.say("first");
          throw boom;
        });
        for (const name of ["second", "third"]) {
          group.createTask((task) => {
            trial.say(name);
            return trial.sleep(task, 10);
          });
        }
      });
      await failsWith(block, boom);
      equal(trial.log, ["0 first", "0 second", "0 third", "0 cancelled"]);
    },
  ),
  caseOf(
    "ME-4",
    "eager",
    "learns of an eager member's synchronous throw in a later microtask, not within createTask",
    { needs: ["task option.eager"] },
    async (trial) => {
      const boom = new Error("boom");
      const seen: unknown[] = [];
      const block = trial.api.taskGroup((group) => {
        const task = group.createTask(
          () => {
            throw boom;
          },
          { eager: true },
        );
        seen.push(task instanceof Object, group.signal.aborted);
      });
      await failsWith(block, boom);
      equal(seen, [true, false], "createTask gave a handle, and whether the group was cancelled by then");
    },
  ),
  caseOf(
    "ME-4",
    "eager-in-eager",
    "cancels an eager member that creates an eager one that throws",
    { needs: ["task option.eager"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup((group) => {
        group.createTask(
          async (task) => {
            group.createTask(
              () => {
                throw boom;
              },
              { eager: true },
            );
            await trial.sleep(task, 1000);
          },
          { eager: true },
        );
      });
      await failsWith(block, boom);
      equal(trial.clock.now(), 0);
    },
  ),
];
