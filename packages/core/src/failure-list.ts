import { KeyboardInterrupt, SystemExit } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import type { TaskRecord } from "./task.ts";

interface Entry extends Failure {
  readonly also: TaskInfo[];
}

/** The failures of a group in the order in which it saw them, each error object once (ME-9). */
export class FailureList {
  readonly #entries: Entry[] = [];
  readonly #byError: Map<unknown, { readonly entry: Entry; readonly task: TaskRecord | undefined }> = new Map();
  #fatal: Entry | undefined;

  add(error: unknown, task?: TaskRecord): void {
    const known = this.#byError.get(error);
    // Two tasks that throw "timeout" failed twice, unless one had it from awaiting the other.
    if (known !== undefined && (isObject(error) || known.task?.isAwaited)) {
      if (task !== undefined) known.entry.also.push(infoOf(task));
      return;
    }
    const entry: Entry = { error, task: task && infoOf(task), also: [] };
    this.#byError.set(error, { entry, task });
    this.#entries.push(entry);
    if (isFatal(error)) this.#fatal ??= entry;
  }

  /** The first `KeyboardInterrupt` or `SystemExit`: it leaves the block bare (ER-5). */
  get fatal(): Failure | undefined {
    return this.#fatal;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get all(): readonly Failure[] {
    return this.#entries;
  }

  /** Those whose task nobody has awaited, or that no task had: nobody else knows of them (LC-5). */
  get unseen(): readonly Failure[] {
    return this.#entries.filter(({ error }) => !this.#byError.get(error)?.task?.isAwaited);
  }
}

/** Ends the program, whatever the group's policy says of failures. */
export function isFatal(error: unknown): boolean {
  return error instanceof KeyboardInterrupt || error instanceof SystemExit;
}

function isObject(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}
