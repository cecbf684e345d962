// The entry "@cohort/workers/task-context": importing it is asking for `currentTask()`. It needs the compatibility flag
// `nodejs_als` or `nodejs_compat`; apart from the rest, which loads without either.
import { AsyncLocalStorage } from "node:async_hooks";
import type { TaskInfo } from "@cohort/core";
import { adapter } from "./adapter.ts";

const storage: AsyncLocalStorage<TaskInfo> = new AsyncLocalStorage();
adapter.contextStorage = {
  run: (task, fn) => storage.run(task, fn),
  current: () => storage.getStore(),
};
