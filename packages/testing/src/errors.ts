import type { TaskInfo, TaskNode } from "@cohort/core";
import type { Leaks } from "./leaks.ts";

/** Everything is blocked and no timer is set, and work is still open: it would wait for ever. */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError";
  readonly code = "COHORT_DEADLOCK";
  /** What was open, and what each task waited for. */
  readonly tree: readonly TaskNode[];
  /** The tasks that waited. */
  readonly tasks: readonly TaskInfo[];

  constructor(message: string, tree: readonly TaskNode[]) {
    super(message);
    this.tree = tree;
    this.tasks = leavesOf(tree);
  }
}

/** A test ended and left something behind. */
export class LeakError extends Error {
  override readonly name = "LeakError";
  readonly code = "COHORT_LEAK";
  readonly leaks: Leaks;

  constructor(message: string, leaks: Leaks) {
    super(message);
    this.leaks = leaks;
  }
}

function leavesOf(tree: readonly TaskNode[]): TaskInfo[] {
  return tree.flatMap((node) => (node.children.length === 0 ? [node] : leavesOf(node.children)));
}
