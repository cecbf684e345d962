/** What an error, an instrument or a report says about a task: plain data that keeps nothing alive. */
export interface TaskInfo {
  /** Unique within the runtime. */
  readonly id: number;
  readonly name: string;
  /** The names from the outermost group down to the task itself. */
  readonly path: readonly string[];
  /** Where it was created; only under `debug` (DX-5). */
  readonly createdAt?: string | undefined;
}

/** A copy of what a scope says of itself, which keeps nothing of it alive (LC-7). */
export function infoOf({ id, name, path, createdAt }: TaskInfo): TaskInfo {
  return createdAt === undefined ? { id, name, path } : { id, name, path, createdAt };
}
