import type { DetachedTask, TaskState } from "./scope.ts";
import type { TaskInfo } from "./task-info.ts";

/** What a promise of a task is told by. */
interface Told extends TaskInfo {
  readonly state: TaskState;
  cancel(reason?: unknown): boolean;
}

/** Lets a promise say of its task what a handle says. */
export function taskPromise<T>(promise: Promise<T>, task: Told): DetachedTask<T> {
  const own = <V>(get: () => V): PropertyDescriptor => ({ get, enumerable: true });
  return Object.defineProperties(promise, {
    id: own(() => task.id),
    name: own(() => task.name),
    path: own(() => task.path),
    state: own(() => task.state),
    cancel: { value: (reason?: unknown) => task.cancel(reason) },
  }) as DetachedTask<T>;
}
