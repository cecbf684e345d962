import "@cohort/workers/task-context";
import { currentTask, handler } from "@cohort/workers";

export default handler({
  async fetch(_request, _env, _ctx, group) {
    const tasks = ["a", "b"].map((name) =>
      group.createTask(
        async ({ sleep }) => {
          await sleep(5);
          return currentTask()?.path;
        },
        { name },
      ),
    );
    await group.idle();
    return Response.json([...tasks.map((task) => task.result()), currentTask()?.name ?? null]);
  },
});
