import type { RuntimeState } from "./runtime.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";

/** The task that the caller runs in; undefined outside any, and where nothing keeps it across `await` (DX-3). */
export function currentTask(runtime: RuntimeState): TaskInfo | undefined {
  const task = runtime.adapter.contextStorage?.current();
  return task && infoOf(task);
}
