import "@cohort/deno/task-context";
import { currentTask, taskGroup } from "@cohort/deno";

await taskGroup(async (group) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  group.createTask(
    async () => {
      await promise;
      console.log(currentTask()?.name);
    },
    { name: "early" },
  );
  group.createTask(() => resolve());
});
