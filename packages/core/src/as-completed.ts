import type { Place } from "./block.ts";
import { isFatal } from "./failure-list.ts";
import { type Fn, type NamedFn, namedInArray, type Ret } from "./fns.ts";
import { refuseOptions } from "./group-options.ts";
import { Iteration, iteratorOver } from "./iteration.ts";
import { listening } from "./place.ts";
import type { TaskGroupOptions } from "./scope.ts";
import { type Settled, settledOf } from "./settled.ts";
import type { TaskGroupScope } from "./task-group.ts";
import type { TaskRecord } from "./task.ts";

export interface AsCompletedFn {
  /**
   * Runs the functions together, each as a task named by its index, and gives how each ended, with its task, in the order
   * in which they end (CO-4). Nothing starts before the first next(). asyncio: as_completed, which leaves its tasks running
   * when the loop is left.
   *
   * A failure cancels nobody; to give it is to report it. Leaving the loop cancels and drains the rest; failures that were
   * never given then reject return() with an `ExceptionGroup`, and, since a loop's own error hides that, are reported too.
   * If it is cancelled from outside, next() rejects with the reason after the drain; if `timeout` (ms) runs out, with a
   * `TimeoutError` after what had ended before; if anything had failed that wasn't given, with an `ExceptionGroup` that
   * the reason or the `TimeoutError` is the cause of.
   *
   * Throws a TypeError or RangeError for bad options, for what is no array of functions, and for `failFast`, `onFailure`
   * and `policy`.
   *
   * @example
   * ```ts
   * for await (const { status, task } of asCompleted(probes, { limit: 10, timeout: 3000 })) console.log(task.name, status);
   * ```
   */
  <const F extends readonly Fn[]>(fns: F, options?: TaskGroupOptions): AsyncIterableIterator<Settled<Ret<F[number]>>>;
}

export function asCompleted(
  place: Place,
  viewOf: TaskGroupScope["viewOf"],
  fns: readonly Fn[],
  options: TaskGroupOptions = {},
): AsyncIterableIterator<Settled<unknown>> {
  const named = namedInArray("asCompleted", fns);
  refuseOptions("asCompleted", options, ["failFast", "onFailure", "policy"]);
  const completion = new Completion(listening(place, options), named, options, viewOf);
  completion.calledHere();
  return iteratorOver(completion);
}

class Completion extends Iteration<Settled<unknown>> {
  private named: readonly NamedFn[];
  /** How many failures wait to be given. */
  private failed = 0;

  constructor(place: Place, named: readonly NamedFn[], options: TaskGroupOptions, viewOf: TaskGroupScope["viewOf"]) {
    super(place, options, viewOf);
    this.named = named;
  }

  protected override begin(): void {
    for (const [name, fn] of this.named) this.createTask(fn, { name });
    this.named = [];
  }

  override memberSettled(task: TaskRecord): void {
    const isFailed = task.state === "failed";
    if (this.isCancelled || task.state === "cancelled" || (isFailed && isFatal(task.value))) {
      return super.memberSettled(task);
    }
    if (isFailed) this.failed++;
    this.offer(task);
  }

  protected override give(task: TaskRecord): Settled<unknown> {
    if (task.state === "failed") this.failed--;
    return settledOf(task);
  }

  protected override drop(): void {
    for (let task = this.finished.shift(); task !== undefined; task = this.finished.shift()) {
      if (task.state === "failed") this.collect(task.value, task);
    }
    this.failed = 0;
  }

  protected override get hasUngiven(): boolean {
    return this.failed > 0 || super.hasUngiven;
  }
}
