import type { TaskInfo, TaskNode } from "@cohort/core";
import type { Leaks } from "./leaks.ts";
import type { Schedule } from "./schedule.ts";

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

/** A program didn't hold in some order of events. Its `cause` is what broke. */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
  readonly code = "COHORT_SCHEDULE";
  /** Gives the same again: `explore(program, check, { schedule })`. */
  readonly schedule: Schedule;

  constructor(message: string, schedule: Schedule, cause: unknown) {
    super(message, { cause });
    this.schedule = schedule;
  }
}

/** A program isn't the same in each run, so its orders can't be told apart. */
export class NondeterminismError extends Error {
  override readonly name = "NondeterminismError";
  readonly code = "COHORT_NONDETERMINISM";

  constructor(before: string, now: string) {
    super(
      `the program isn't the same each time: at this point ${before}, now ${now}. ` +
        "It may wait for nothing but steps and what runs on the clock, and must keep no state between runs.",
    );
  }
}

function leavesOf(tree: readonly TaskNode[]): TaskInfo[] {
  return tree.flatMap((node) => (node.children.length === 0 ? [node] : leavesOf(node.children)));
}
