import { hide } from "./brand.ts";
import type { TaskInfo } from "./task-info.ts";

/** One entry of a group: what was thrown, and by whom. */
export interface Failure<E = unknown> {
  readonly error: E;
  /** The task that ended with the error; `undefined` for a body, a cleanup or a group made by hand. */
  readonly task: TaskInfo | undefined;
  /** Other tasks that ended with the very same error object. */
  readonly also: readonly TaskInfo[];
}

/** A leaf of a tree of groups. Its task is the innermost one known on the way down to it, and `path` that task's path. */
export interface Leaf<E = unknown> extends Failure<E> {
  readonly path: readonly string[];
}

/** A failure of which nothing is known but the error. */
export function bareFailure<E>(error: E): Failure<E> {
  return { error, task: undefined, also: [] };
}

/**
 * Gives a group its failures, by position: errors can be frozen, shared or primitive, so nothing can be hung on them or
 * looked up by them. The property isn't enumerable: a printed group shows its errors once.
 */
export function keepFailures<E>(group: AggregateError, failures: readonly Failure<E>[]): void {
  hide(group, "failures", Object.freeze(failures));
}
