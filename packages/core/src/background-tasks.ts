import type { Place } from "./block.ts";
import { BackgroundTasksScope, type ShutdownOptions } from "./background-tasks-scope.ts";
import type { Cancellable, DetachedTask, TaskScope } from "./scope.ts";
import type { BackgroundTaskOptions } from "./service.ts";
import type { TaskGroupScope } from "./task-group.ts";

/**
 * Services that live as long as the program or a part of it: a heartbeat, the rotation of a log (CO-6). Each fails, is
 * cancelled and runs again by itself. asyncio: a `create_task` for each, with handlers of one's own.
 *
 * `signal`, `parent` and `timeout` cancel them all, from outside; the set then ends without a `shutdown()`, and what is
 * added is cancelled on arrival. A `shutdown()` resolves when all have ended, as always: the cancellation is the services'
 * reason, not its failure. The block of a `parent` waits for the set, and cancels it, with a warning, if its function ends
 * without a `shutdown()`. `openBackgroundTasks` throws on bad options: a TypeError, a RangeError, an InvalidStateError for
 * a parent that has ended.
 *
 * @example
 * ```ts
 * await using services = openBackgroundTasks({ name: "services" });
 * const beat = async ({ sleep, signal }: TaskScope): Promise<void> => {
 *   for (;;) {
 *     await fetch("https://example.org/alive", { method: "POST", signal });
 *     await sleep(30_000);
 *   }
 * };
 * void services.add(beat, {
 *   name: "heartbeat",
 *   onError: (error, { name }) => console.error(name, error),
 *   restart: { on: "failure", delay: 1000, factor: 2, maxDelay: 60_000, jitter: true },
 * });
 * await serveRequests();
 * await services.shutdown({ cancelAfter: 5000 });
 * ```
 */
export interface BackgroundTasks extends AsyncDisposable {
  /**
   * Adds a service; it starts on a microtask. Its failures go to `onError`; the promise is for whoever wants to know of its
   * end. It resolves when the function has returned for good, and rejects with the last error or the reason of its
   * cancellation. Nobody need listen to it.
   *
   * Bad arguments make a task that has failed with a TypeError or RangeError, and so does a set that has been shut down,
   * with an InvalidStateError (LC-2): these surface if nobody listens. While the set shuts down, the task is cancelled on
   * arrival (LC-4).
   */
  add(this: void, fn: (task: TaskScope) => unknown, options: BackgroundTaskOptions): DetachedTask<void>;
  /**
   * Ends the set. From now on nothing is restarted; what waits for its restart ends as its last run did. Resolves when all
   * have ended, however they did; rejects with an `AbandonedError` if that takes longer than `abandonAfter` allows, with a
   * TypeError or RangeError for bad options. A further call gives the same promise, and can only shorten the times: one
   * without options cancels at once. A service that awaits it waits for itself.
   */
  shutdown(this: void, options?: ShutdownOptions): Promise<void>;
  /** How many services haven't ended; one that waits for its restart hasn't. */
  readonly size: number;
}

export function openBackgroundTasks(
  place: Place,
  options: Cancellable,
  viewOf: TaskGroupScope["viewOf"],
): BackgroundTasks {
  const set = new BackgroundTasksScope(place, options, viewOf);
  set.open();
  const shutdown = (how: ShutdownOptions = {}): Promise<void> => {
    try {
      return set.shutdown(how);
    } catch (mistake) {
      return Promise.reject(mistake);
    }
  };
  const handle = {
    add: (fn: (task: TaskScope) => unknown, how: BackgroundTaskOptions) => set.add(fn, how),
    shutdown,
    get size() {
      return set.size;
    },
  };
  return Object.assign(handle, Symbol.asyncDispose && { [Symbol.asyncDispose]: () => shutdown() });
}
