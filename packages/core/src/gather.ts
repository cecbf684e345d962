import { type Place, runBlock } from "./block.ts";
import { isFatal } from "./failure-list.ts";
import { type All, type AllSettled, type Fns, namedIn } from "./fns.ts";
import { refuseOptions } from "./group-options.ts";
import { listening } from "./place.ts";
import type { Cancellable, TaskGroupOptions } from "./scope.ts";
import { settledOf } from "./settled.ts";
import { infoOf } from "./task-info.ts";
import { TaskGroupScope } from "./task-group.ts";
import type { TaskRecord } from "./task.ts";

export interface GatherFn {
  /**
   * Runs the functions together, each as a task named by its key, and gives their results in the same shape: an array for
   * an array, an ordinary object for a record, whose own enumerable string keys count (CO-2).
   *
   * One failure cancels and drains the rest and comes out in an `ExceptionGroup`, as from a task group; unlike
   * asyncio.gather, which lets the others run on. With `settled: true` (asyncio: return_exceptions) nobody is cancelled,
   * and each outcome is a value with its task: `{ status, value | reason, task }`. Then a failure is no longer the
   * block's; a cancellation from outside, an expired `timeout` (ms), a `KeyboardInterrupt` and a `SystemExit` still are,
   * and the failures that hadn't gone to `onFailure` are reported, since their values are lost.
   *
   * Rejects with a TypeError or RangeError, before anything starts, for what is no array or record of functions, and for
   * options that would leave holes in the results: `policy`, `onFailure` without `settled`, `failFast` with it.
   *
   * @example
   * ```ts
   * const { user, orders } = await gather({
   *   user: ({ signal }) => fetchUser(id, { signal }),
   *   orders: ({ signal }) => fetchOrders(id, { signal }),
   * });
   * ```
   */
  <const F extends Fns, const S extends boolean | undefined = false>(
    fns: F,
    options?: TaskGroupOptions & { settled?: S },
  ): Promise<S extends true ? AllSettled<F> : All<F>>;
}

type GatherOptions = TaskGroupOptions & { readonly settled?: boolean | undefined };

export async function gather(
  place: (options: Cancellable) => Place,
  viewOf: TaskGroupScope["viewOf"],
  fns: Fns,
  options: GatherOptions = {},
): Promise<unknown> {
  const named = namedIn("gather", fns);
  const asValues = options?.settled === true;
  refuseOptions("gather", options, asValues ? ["policy", "failFast"] : ["policy", "onFailure"]);
  const how = asValues ? { ...options, failFast: false, onFailure: options.onFailure ?? (() => {}) } : options;
  const group = new TaskGroupScope(listening(place(options), options), how, viewOf);
  group.calledHere();
  let tasks: readonly TaskRecord[] = [];
  try {
    await runBlock(
      () => group,
      () => {
        tasks = named.map(([name, fn]) => group.createTask(fn, { name }));
      },
    );
  } catch (error) {
    if (asValues && options.onFailure === undefined) tasks.forEach(reportLost);
    throw error;
  }
  const results = tasks.map((task) => (asValues ? settledOf(task) : task.value));
  // Defines the properties: an assignment to a key `__proto__` would be lost.
  return Array.isArray(fns) ? results : Object.fromEntries(named.map(([name], index) => [name, results[index]]));
}

/** The failure was to be a value. A fatal one came out of the block or was reported by it. */
function reportLost(task: TaskRecord): void {
  if (task.state !== "failed" || isFatal(task.value)) return;
  task.runtime.adapter.reportError(task.value, infoOf(task));
}
