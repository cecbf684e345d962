import { AsyncLocalStorage } from "node:async_hooks";
import type { TaskInfo } from "@cohort/core";
import { adapter } from "./adapter.ts";

/**
 * Makes `currentTask()` follow the tasks that start from now on. It isn't on by itself: a context per task costs several
 * times what a task costs, and most programs never ask.
 */
export function trackTasks(): void {
  if (adapter.contextStorage !== undefined) return;
  const storage: AsyncLocalStorage<TaskInfo> = new AsyncLocalStorage();
  adapter.contextStorage = {
    run: (task, fn) => storage.run(task, fn),
    current: () => storage.getStore(),
  };
}
