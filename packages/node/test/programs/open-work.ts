import { setTimeout as delay } from "node:timers/promises";
import { detach, failAfter, openTaskGroup, sleep, taskGroup } from "@cohort/node";
import { choose } from "./choose.ts";

const never = (): Promise<never> => new Promise(() => {});
process.on("exit", (code) => console.log(`exit ${code}`));

void choose<unknown>({
  "stuck group": () =>
    taskGroup({ name: "outer" }, (group) => {
      group.createTask(() => "fine", { name: "ended-before" });
      group.createTask(
        (task) =>
          task.taskGroup({ name: "inner" }, (inner) => {
            inner.createTask(never, { name: "stuck-member" });
          }),
        { name: "middle" },
      );
    }),
  "stuck body": () => taskGroup({ name: "bodily" }, never),
  "stuck open group": () => {
    openTaskGroup({ name: "opened" }).createTask(never, { name: "left-alone" });
  },
  "stuck detached": () => {
    void detach(never, { name: "lonely" });
  },
  "stuck deadline": () => failAfter(Infinity, never, { name: "patience" }),
  "two stuck groups": () => {
    void taskGroup({ name: "first" }, never);
    void taskGroup({ name: "second" }, never);
  },
  "all ended": async () => {
    await taskGroup({ name: "good" }, (group) => {
      group.createTask(({ sleep }) => sleep(5));
    });
    await taskGroup({ name: "bad" }, () => Promise.reject(new Error("expected"))).catch(() => {});
    await taskGroup({ name: "late", timeout: 1 }, (group) => group.sleep(2 ** 31)).catch(() => {});
    await detach(() => sleep(1));
    await failAfter(1000, () => 1);
    // No `await using`: Node 22 runs this file as it stands.
    await openTaskGroup().join();
    console.log("done");
  },
  "one after another": async () => {
    await taskGroup({ name: "earlier" }, () => {});
    void taskGroup({ name: "later" }, never);
  },
  "exits itself": async () => {
    void taskGroup({ name: "unfinished" }, never);
    await delay(1);
    process.exit(4);
  },
  // Timers
  sleeping: async () => {
    await sleep(30);
    console.log("slept");
    await taskGroup((group) => {
      group.createTask(async ({ sleep }) => {
        await sleep(30);
        console.log("member slept");
      });
    });
  },
  deadlines: async () => {
    const stuck = (name: string) => (error: unknown) => console.log(name, (error as Error).name);
    await taskGroup({ timeout: 30 }, (group) => group.abortable(never())).catch(stuck("group"));
    await failAfter(30, ({ abortable }) => abortable(never())).catch(stuck("failAfter"));
    await detach(({ abortable }) => abortable(never()), { timeout: 30 }).catch(stuck("detach"));
    await taskGroup({ timeout: 30, abandonAfter: 30 }, never).catch(stuck("abandoned"));
    console.log("all woke");
  },
  "grace doesn't hold": async () => {
    await taskGroup({ name: "cancelled", grace: 2 ** 30 }, (group) => {
      group.createTask(never, { name: "deaf-member" });
      group.createTask(() => group.cancel());
    });
  },
  "grace reports": async () => {
    await taskGroup({ name: "slow", grace: 20 }, (group) => {
      group.createTask(
        async ({ onCancel }) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          onCancel(() => {
            const alive = setInterval(() => {}, 1000);
            process.once("warning", ({ name, message }) => {
              console.log(`${name}: ${message}`);
              clearInterval(alive);
              resolve();
            });
          });
          await promise;
        },
        { name: "deaf-member" },
      );
      group.createTask(() => group.cancel());
    });
    console.log("over");
  },
  "timers are gone": async () => {
    await taskGroup({ timeout: 2 ** 30, grace: 2 ** 30 }, (group) => {
      for (let i = 0; i < 100; i++) group.createTask(({ sleep }) => sleep(2 ** 30));
      group.createTask(async (task) => {
        await task.sleep(1);
        group.cancel();
      });
    });
    await failAfter(2 ** 30, () => 1);
    console.log(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length);
  },
});
