import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { currentTask, taskGroup } from "@cohort/node";
import { choose } from "./choose.ts";

const say = (what: string): void => console.log(`${what}: ${currentTask()?.name}`);

await choose({
  "asked late": () =>
    taskGroup(async (group) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      group.createTask(
        async () => {
          await promise;
          say("early");
        },
        { name: "early" },
      );
      await delay(1);
      say("body");
      say("body again");
      group.createTask(() => say("late"), { name: "late" });
      resolve();
    }),
  "asked first": async () => {
    say("before");
    await taskGroup((group) => {
      group.createTask(() => say("member"), { name: "member" });
    });
  },
  "never asked": async () => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run("mine", () =>
      taskGroup((group) => {
        group.createTask(() => console.log(storage.getStore()));
      }),
    );
  },
});
