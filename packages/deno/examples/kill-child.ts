// A child process that is killed when its task is cancelled. Run it: deno run --allow-run examples/kill-child.ts
import { CancelledError, moveOnAfter, taskGroup } from "@cohort/deno";

await taskGroup({ name: "encode" }, async (group) => {
  const child = group.createTask(
    async ({ signal }) => {
      // Deno kills the process when the signal is aborted, and says so only by how it ended.
      const process = new Deno.Command("sleep", { args: ["1000"], signal }).spawn();
      const { signal: killedBy } = await process.status;
      console.log(`sleep ended by ${killedBy}`);
      signal.throwIfAborted();
    },
    { name: "sleep" },
  );
  const { timedOut } = await moveOnAfter(100, ({ abortable }) => abortable(child));
  console.log(`timed out: ${timedOut}`);
  group.cancel();
  await child.catch((error: unknown) => console.log(`cancelled: ${error instanceof CancelledError}`));
});
