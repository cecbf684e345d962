import { infoOf, type TaskInfo } from "./task-info.ts";
import type { TaskRecord } from "./task.ts";

/** How a task ended, as a value, and which task it was. */
export type Settled<T> = PromiseSettledResult<T> & { readonly task: TaskInfo };

/** What became of a task that has ended. Plain data: a handle would be awaited on its way through a promise. */
export function settledOf(task: TaskRecord): Settled<unknown> {
  return { ...(task.settled() as PromiseSettledResult<unknown>), task: infoOf(task) };
}
