// A child process that is killed when its task is cancelled. Run it: bun examples/kill-child.ts
import { CancelledError, moveOnAfter, taskGroup } from "@cohort/bun";

await taskGroup({ name: "encode" }, async (group) => {
  const child = group.createTask(
    async ({ signal }) => {
      // Bun kills the process when the signal is aborted, and says so only by how it ended.
      await using process = Bun.spawn(["sleep", "1000"], { signal });
      await process.exited;
      console.log(`sleep ended by ${process.signalCode}`);
      signal.throwIfAborted();
    },
    { name: "sleep" },
  );
  const { timedOut } = await moveOnAfter(100, ({ abortable }) => abortable(child));
  console.log(`timed out: ${timedOut}`);
  group.cancel();
  await child.catch((error: unknown) => console.log(`cancelled: ${error instanceof CancelledError}`));
});
