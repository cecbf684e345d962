import { bindCurrentTask, bindInspectTasks, type CurrentTaskFn } from "@cohort/core";
import { adapter } from "./adapter.ts";
import { runtime } from "./runtime.ts";
import { trackTasks } from "./task-context.ts";

const tracked = /* @__PURE__ */ bindCurrentTask(runtime);

/**
 * The task that the caller runs in, or undefined outside any (DX-3). asyncio: current_task().
 *
 * The first call turns the tracking on, for tasks that start later. To have it from the beginning, import
 * `@cohort/bun/task-context` where the program starts.
 */
export const currentTask: CurrentTaskFn = () => {
  if (adapter.contextStorage === undefined) {
    trackTasks();
    if (bindInspectTasks(runtime)().length > 0) {
      adapter.reportWarning(
        'currentTask() knows the tasks that start from now on; import "@cohort/bun/task-context" first in your program to have it know all',
      );
    }
  }
  return tracked();
};
