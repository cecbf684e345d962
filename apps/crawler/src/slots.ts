import type { TaskGroup, TaskScope } from "./cohort.ts";

/**
 * A place in the group, taken before the task is made. The group's own `limit` bounds what runs; this bounds what
 * exists, so that a list of a million URLs is read only as fast as its pages are fetched.
 */
export class Slots {
  readonly #group: TaskGroup;
  readonly #limit: number;
  #wake: () => void = () => undefined;
  readonly #onStart: (alive: number) => void;

  constructor(group: TaskGroup, limit: number, onStart: (alive: number) => void) {
    this.#group = group;
    this.#limit = limit;
    this.#onStart = onStart;
  }

  /** Waits for a place, then starts `fn` in it. Cancelled with the group while it waits. */
  async start(name: string, fn: (task: TaskScope) => Promise<void>): Promise<void> {
    const group = this.#group;
    group.throwIfCancelled();
    while (group.size >= this.#limit) await this.oneEnded();
    const ended = (): void => this.#wake();
    // The group reports a failure; here it only means that the place is free.
    void group.createTask(fn, { name }).then(ended, ended);
    this.#onStart(group.size);
  }

  /** Waits until the next task has ended, in whatever way. For the group's body alone: one waits at a time. */
  async oneEnded(): Promise<void> {
    await this.#group.abortable(new Promise<void>((resolve) => (this.#wake = resolve)));
  }
}
