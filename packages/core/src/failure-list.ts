import { KeyboardInterrupt, SystemExit } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import type { TaskRecord } from "./task.ts";

interface Entry extends Failure {
  readonly also: TaskInfo[];
}

/** The failures of a group in the order in which it saw them, each error object once (ME-9). */
export class FailureList {
  readonly all: Entry[] = [];
  /** The tasks behind each of them. */
  private readonly tasks: (readonly TaskRecord[])[] = [];
  private readonly byError: Map<unknown, { readonly entry: Entry; readonly tasks: TaskRecord[] }> = new Map();
  /** The first `KeyboardInterrupt` or `SystemExit`: it leaves the block bare (ER-5). */
  fatal: Failure | undefined;

  add(error: unknown, task?: TaskRecord): void {
    const known = this.byError.get(error);
    // Two tasks that throw "timeout" failed twice, unless one had it from awaiting the other.
    if (known !== undefined && (isObject(error) || known.tasks.some((other) => other.rare?.isAwaited))) {
      if (task === undefined) return;
      known.entry.also.push(infoOf(task));
      known.tasks.push(task);
      return;
    }
    const entry: Entry = { error, task: task && infoOf(task), also: [] };
    const tasks = task === undefined ? [] : [task];
    this.byError.set(error, { entry, tasks });
    this.tasks.push(tasks);
    this.all.push(entry);
    if (isFatal(error)) this.fatal ??= entry;
  }

  /** Those that nobody has had by awaiting a task, or that no task had (LC-5). */
  get unseen(): readonly Failure[] {
    return this.all.filter((_, index) => !this.tasks[index]?.some((task) => task.rare?.isAwaited));
  }
}

/** Ends the program, whatever the group's policy says of failures. */
export function isFatal(error: unknown): boolean {
  return error instanceof KeyboardInterrupt || error instanceof SystemExit;
}

function isObject(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}
