import { detach, openTaskGroup, sleep, taskGroup } from "@cohort/node";

/**
 * A bit of everything, a few hundred times: what a program has done that isn't one loop over one group. The engine's code
 * for what all scopes share has then seen tasks, groups, deadlines, shields and signals, and is slower for each of them.
 */
export async function otherUse(): Promise<void> {
  for (let round = 0; round < 300; round++) {
    const { signal } = new AbortController();
    await taskGroup({ signal, timeout: 60_000, limit: 3 }, async (group) => {
      group.createTask(async (task) => {
        await task.failAfter(60_000, (scope) => scope.sleep(0));
        await task.shield((scope) => scope.abortable(Promise.resolve(task.signal)));
        await task.moveOnAfter(0, (scope) => scope.sleep(60_000));
      });
      group.createTask(({ sleep }) => sleep(60_000), { name: "ticker", background: true });
      await group.createTask((task) => task.taskGroup((inner) => void inner.createTask(() => round)));
      group.onCancel(() => {})();
      await group.idle();
    });
    const open = openTaskGroup();
    open.createTask(async () => round);
    await open.join();
    await detach(async () => round);
    await sleep(0, signal);
  }
}
