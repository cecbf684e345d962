import { walk } from "./group-tree.ts";
import { openSuppressed } from "./suppressed-error.ts";

/**
 * The error inside a group, however deep, if it holds only one; otherwise what it was given (ER-1). A `SuppressedError` is
 * looked into as well (LC-5). An error object that is in there several times counts once: the block of a group that
 * rethrew a member's error and the group itself report the same one. Python has no counterpart.
 *
 * @example
 * ```ts
 * try {
 *   await taskGroup(async (group) => group.createTask(fetchUser));
 * } catch (error) {
 *   throw onlyError(error);
 * }
 * ```
 */
export function onlyError(error: unknown): unknown {
  const leaves = walk(error, openSuppressed);
  const first = leaves.next().value?.error;
  for (const leaf of leaves) if (leaf.error !== first || Object(first) !== first) return error;
  return first;
}
