import { BaseExceptionGroup, type TaskGroup, type TaskInfo } from "@cohort/core";
import { adapter } from "./adapter.ts";

/** Takes what came out of a group that nobody waits for any more: each failure by the name and the path of its task. */
export function reportFailures(error: unknown, by?: TaskInfo): void {
  if (!(error instanceof BaseExceptionGroup)) {
    adapter.reportError(error, by);
    return;
  }
  for (const leaf of error.leaves()) adapter.reportError(leaf.error, leaf.task ?? by);
}

/** What reports say of a group itself. */
export function infoOf(group: TaskGroup): TaskInfo {
  const { id, name, path } = group as TaskGroup & TaskInfo;
  return { id, name, path };
}
