import { type Case, caseOf } from "../case.ts";
import { check, equal } from "../check.ts";
import { isCollected } from "./is-collected.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

const boom: Error = /* @__PURE__ */ new Error("boom");

export const collectedFailures: readonly Case[] = [
  caseOf("FF-2", "members", "collects what members throw while it drains", {}, async (trial) => {
    const [second, third] = [new Error("second"), new Error("third")] as const;
    const block = trial.api.taskGroup((group) => {
      group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(10).then(() => Promise.reject(third))));
      group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(second)));
      group.createTask(() => Promise.reject(boom));
    });
    await failsWith(block, boom, second, third);
  }),
  caseOf("FF-2", "body", "collects what the body throws while it drains", {}, async (trial) => {
    const body = new Error("body");
    const block = trial.api.taskGroup(async (group) => {
      group.createTask(() => Promise.reject(boom));
      await trial.sleep(group, 1000).catch(() => {});
      throw body;
    });
    await failsWith(block, boom, body);
  }),
  caseOf(
    "FF-2",
    "finally",
    "collects what a member's finally throws, after its wait for the cleanup",
    {},
    async (trial) => {
      const cleanup = new Error("cleanup");
      const block = trial.api.taskGroup((group) => {
        group.createTask(async (task) => {
          try {
            await trial.sleep(task, 1000);
          } finally {
            await pause(40).then(() => Promise.reject(cleanup));
          }
        });
        group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom, cleanup);
      equal(trial.clock.now(), 40);
    },
  ),
  caseOf(
    "FF-2",
    "outside",
    "collects what members throw while it drains after an outside cancel",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const errors = [new Error("a"), new Error("b")] as const;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        for (const error of errors) {
          group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(error)));
        }
        await pause(10);
        outside.abort(new Error("stop"));
      });
      await failsWith(block, ...errors);
    },
  ),

  caseOf("FF-3", "cancels", "cancels the members when the body fails", {}, async (trial) => {
    const block = trial.api.taskGroup(async (group) => {
      group.createTask((task) => trial.sleep(task, 1000).catch(() => trial.say("cancelled")));
      await trial.sleep(group, 10);
      throw boom;
    });
    await failsWith(block, boom);
    equal(trial.log, ["10 cancelled"]);
  }),
  caseOf("FF-3", "waits", "waits for the members that it cancelled because the body failed", {}, async (trial) => {
    const block = trial.api.taskGroup(async (group) => {
      group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(30)));
      await trial.sleep(group, 10);
      throw boom;
    });
    await failsWith(block, boom);
    equal(trial.clock.now(), 40);
  }),
  caseOf("FF-3", "last", "holds the body's error last, although the body failed first", {}, async (trial) => {
    const member = new Error("member");
    const block = trial.api.taskGroup(async (group) => {
      group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(member)));
      await trial.sleep(group, 10);
      throw boom;
    });
    await failsWith(block, member, boom);
  }),
  caseOf("FF-3", "no-task", "names no task for the body's error", { needs: ["failures"] }, async ({ api }) => {
    const { failures } = await failsWith(
      api.taskGroup(() => Promise.reject(boom)),
      boom,
    );
    equal(
      failures.map(({ task }) => task),
      [undefined],
    );
  }),

  caseOf(
    "FF-5",
    "real-one-first",
    "holds the real error first, not what a sibling threw at once on being cancelled",
    {},
    async (trial) => {
      const consequence = new Error("connection closed");
      const block = trial.api.taskGroup((group) => {
        group.createTask(
          (task) => new Promise((_, reject) => task.signal.addEventListener("abort", () => reject(consequence))),
        );
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(boom)));
      });
      await failsWith(block, boom, consequence);
    },
  ),
  caseOf(
    "FF-5",
    "values",
    "keeps no value of a member that is done and whose handle nobody holds",
    { needs: ["garbage collection"] },
    async (trial) => {
      const isGone = await trial.api.taskGroup(async (group) => {
        let dropped: WeakRef<object> | undefined;
        group.createTask(() => {
          const value = { big: "object" };
          dropped = new WeakRef(value);
          return value;
        });
        await trial.sleep(group, 1);
        return isCollected(trial, dropped);
      });
      check(isGone, "the value should have been collected while the group is open");
    },
  ),
];
