import { AsyncLocalStorage } from "node:async_hooks";
import { currentTask, sleep, taskGroup } from "@cohort/deno";
import { choose } from "./choose.ts";

await choose<unknown>({
  "asked first": async () => {
    console.log(`outside: ${currentTask()?.name}`);
    await taskGroup((group) => {
      for (const name of ["a", "b"]) {
        group.createTask(
          async () => {
            await sleep(1);
            console.log(`${name}: ${currentTask()?.path.join(" > ")}`);
          },
          { name },
        );
      }
    });
  },
  "asked late": () =>
    taskGroup(async (group) => {
      group.createTask(() => sleep(20), { name: "early" });
      await group.sleep(1);
      console.log(`body: ${currentTask()?.name}`);
      group.createTask(() => console.log(`late: ${currentTask()?.name}`), { name: "late" });
    }),
  "a store of one's own": async () => {
    const storage = new AsyncLocalStorage<number>();
    const seen: unknown[] = [];
    await taskGroup({ limit: 1 }, (group) => {
      group.createTask(() => seen.push(storage.getStore() ?? "none"));
      for (const n of [1, 2, 3]) storage.run(n, () => group.createTask(() => seen.push(storage.getStore())));
    });
    console.log(seen.join(" "));
  },
});
