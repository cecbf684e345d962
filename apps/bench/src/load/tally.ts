import { DisconnectedError, ExceptionGroup, type TaskGroup, type TaskNode } from "@cohort/node";
import type { Counts, Stats } from "./counts.ts";
import { WantedFailure } from "./wanted-failure.ts";

/** So many unexpected errors are enough to see what is wrong. */
const MOST_UNEXPECTED = 20;

/** What happens in a server, counted where it happens. */
export class Tally {
  thrown = 0;
  readonly #unexpected: string[] = [];
  #started = 0;
  #ended = 0;
  #gone = 0;
  #caught = 0;

  constructor() {
    const unexpected = (error: unknown): void => this.unexpected(error);
    process.on("uncaughtException", unexpected).on("unhandledRejection", unexpected);
  }

  /** In a handler's group, before anything else. */
  enter(group: TaskGroup): void {
    this.#started++;
    group.defer(() => {
      this.#ended++;
      if (group.isCancelled() && group.reason instanceof DisconnectedError) this.#gone++;
    });
  }

  /** For what came out of a handler. */
  caught(error: unknown): void {
    const leaves = error instanceof ExceptionGroup ? [...error.leaves()].map((leaf) => leaf.error) : [error];
    for (const leaf of leaves) {
      if (leaf instanceof WantedFailure) this.#caught++;
      // Nobody is left to be answered, and it's counted where the group ends.
      else if (!(leaf instanceof DisconnectedError)) this.unexpected(leaf);
    }
  }

  unexpected(error: unknown): void {
    if (this.#unexpected.length < MOST_UNEXPECTED)
      this.#unexpected.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  get counts(): Counts {
    return {
      started: this.#started,
      ended: this.#ended,
      gone: this.#gone,
      thrown: this.thrown,
      caught: this.#caught,
      unexpected: this.#unexpected,
    };
  }

  async stats(inspectTasks: () => readonly TaskNode[]): Promise<Stats> {
    const open = inspectTasks()
      .flatMap((node) => [node, ...node.children])
      .filter(({ kind, name }) => kind === "group" && name.startsWith("GET /")).length;
    await collected();
    const { heapUsed: heap, rss } = process.memoryUsage();
    return { ...this.counts, open, heap, rss };
  }
}

/** Twice, with a turn between: what a finalizer lets go is collected as well. */
async function collected(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error("needs --expose-gc");
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 10));
  globalThis.gc();
}
