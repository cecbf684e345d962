import { detach, failAfter, openTaskGroup, sleep, taskGroup } from "@cohort/deno";
import { choose } from "./choose.ts";
import { host } from "./host.ts";

const never = (): Promise<never> => new Promise(() => {});
host.atExit(() => console.log("exit"));

void choose<unknown>({
  "stuck group": () =>
    taskGroup({ name: "outer" }, (group) => {
      group.createTask(() => "fine", { name: "ended-before" });
      group.createTask(never, { name: "stuck-member" });
    }),
  "stuck open group": () => openTaskGroup({ name: "opened" }).createTask(never, { name: "left-alone" }),
  "stuck detached": () => void detach(never, { name: "lonely" }),
  "stuck deadline": () => failAfter(Infinity, never, { name: "patience" }),
  "all ended": async () => {
    await taskGroup({ name: "good" }, (group) => {
      group.createTask(({ sleep: nap }) => nap(5));
    });
    await taskGroup({ name: "late", timeout: 1 }, (group) => group.sleep(2 ** 31)).catch(() => {});
    await openTaskGroup().join();
    console.log("done");
  },
  "exits itself": async () => {
    void taskGroup({ name: "unfinished" }, never);
    await sleep(1);
    host.exit(4);
  },
  sleeping: async () => {
    await sleep(30);
    await taskGroup((group) => {
      group.createTask(async ({ sleep: nap }) => {
        await nap(30);
        console.log("slept");
      });
    });
  },
  "grace doesn't hold": () =>
    taskGroup({ name: "cancelled", grace: 2 ** 30 }, (group) => {
      group.createTask(never, { name: "deaf-member" });
      group.createTask(() => group.cancel());
    }),
  "reports a second error": () =>
    taskGroup({ name: "careless" }, (group) => {
      group.createTask(
        (task) => {
          task.onCancel(() => {
            throw new RangeError("from a callback");
          });
          group.cancel();
        },
        { name: "member" },
      );
    }),
  "names a straggler": () =>
    taskGroup({ name: "slow", grace: 20 }, (group) => {
      group.createTask(() => sleep(200), { name: "deaf-member" });
      group.createTask(() => group.cancel());
    }),
});
