import type { AsyncLocalStorage } from "node:async_hooks";
import type { TaskInfo } from "@cohort/core";
import { adapter } from "./adapter.ts";

/**
 * Makes `currentTask()` follow the tasks that start from now on. It isn't on by itself: a context per task costs several
 * times what a task costs (on Node 22 and older it slows every promise of the process), and most programs never ask.
 */
export function trackTasks(): void {
  if (adapter.contextStorage !== undefined) return;
  // Loaded here and not by an import: what isn't loaded can't be in use, see async-context.ts.
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const storage: AsyncLocalStorage<TaskInfo> = new AsyncLocalStorage();
  adapter.contextStorage = {
    run: (task, fn) => storage.run(task, fn),
    current: () => storage.getStore(),
  };
}
