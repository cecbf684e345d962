import { type Place, runBlock } from "./block.ts";
import { cancel, type CancelScope } from "./cancel-scope.ts";
import { disposalOf } from "./disposable.ts";
import { CancelledError } from "./errors.ts";
import { FailureList } from "./failure-list.ts";
import { type Fn, namedInArray, type Ret } from "./fns.ts";
import { refuseOptions } from "./group-options.ts";
import { listening } from "./place.ts";
import type { Cancellable, TaskGroupOptions } from "./scope.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import { TaskGroupScope } from "./task-group.ts";
import type { TaskRecord } from "./task.ts";
import { LIVE } from "./waitable.ts";

export interface FirstSuccessFn {
  /**
   * Runs the functions together, each as a task named by its index, and gives the first result (CO-3). The others are
   * cancelled and drained before it returns; a value that one of them gave after all is disposed of, if it can be. Trio and
   * asyncio have no counterpart; Promise.any leaves the losers running.
   *
   * The first success is final: neither a cancellation from outside nor an expired `timeout` (ms) undoes it, and what fails
   * after it goes to the runtime's error reporter. Failures before it are expected, only instruments see them.
   *
   * Rejects with an `ExceptionGroup` in the order of the failures if all fail; if it is cancelled from outside before
   * anybody has won, with the reason; if the time runs out, with a `TimeoutError`, or with what had failed and the
   * `TimeoutError` as its cause; with a RangeError for an empty list; with a TypeError for what is no list of functions,
   * and for `failFast`, `onFailure` and `policy`. With `limit: 2` two are tried at a time.
   *
   * @example
   * ```ts
   * const page = await firstSuccess(mirrors.map((url) => ({ signal }) => download(url, { signal })));
   * ```
   */
  <const F extends readonly Fn[]>(fns: F, options?: TaskGroupOptions): Promise<Ret<F[number]>>;
}

export async function firstSuccess(
  place: (options: Cancellable) => Place,
  viewOf: TaskGroupScope["viewOf"],
  fns: readonly Fn[],
  options: TaskGroupOptions = {},
): Promise<unknown> {
  const named = namedInArray("firstSuccess", fns);
  if (named.length === 0) throw new RangeError("firstSuccess of no functions");
  refuseOptions("firstSuccess", options, ["failFast", "onFailure", "policy"]);
  const race = new Race(listening(place(options), options), { ...options, failFast: false }, viewOf);
  race.calledHere();
  return await runBlock(
    () => race,
    () => {
      for (const [name, fn] of named) race.createTask(fn, { name });
    },
  );
}

/** A group that the first member to succeed closes. Its body can be thought of as a wait for the winner. */
class Race extends TaskGroupScope {
  private winner: TaskRecord | undefined;
  /** So many of the failures came before the race was decided, one way or the other. */
  private expected = 0;
  /** Several may give the same, a connection that they share. */
  private disposed: Set<unknown> | undefined;

  override memberSettled(task: TaskRecord): void {
    if (task.state === "done") this.succeeded(task);
    super.memberSettled(task);
  }

  private succeeded(task: TaskRecord): void {
    if (this.isCancelled) return this.dispose(task);
    this.winner = task;
    this.failures = new FailureList();
    cancel(this, new CancelledError(`task "${task.name}" was the first to succeed in ${this.title}`));
  }

  /** Nobody gets the value, which may be a connection; unless the winner gave the very same. */
  private dispose(task: TaskRecord): void {
    const { value } = task;
    if (Object(value) !== value || value === this.winner?.value || this.disposed?.has(value)) return;
    this.disposed ??= new Set();
    this.disposed.add(value);
    this.deferred.defer(async () => {
      try {
        await disposalOf(value)?.();
      } catch (error) {
        this.report(error, infoOf(task));
      }
    });
  }

  override onCancelled(origin: CancelScope): void {
    this.expected = this.failures.all.length;
    // The wait for a winner ended cancelled, even if no member did.
    if (this.winner === undefined) this.isCutShort = true;
    super.onCancelled(origin);
  }

  protected override result(): unknown {
    const { winner, failures, outside, abandoned } = this;
    const isCancelled = outside !== LIVE && abandoned === undefined && failures.fatal === undefined;
    if (winner === undefined && !isCancelled) return super.result();
    for (const { error, task } of failures.all.slice(this.expected)) this.report(error, task);
    if (winner === undefined) throw outside;
    if (abandoned !== undefined) this.runtime.adapter.reportWarning(abandoned.message, abandoned.tasks);
    this.winner = undefined;
    return winner.value;
  }

  private report(error: unknown, task: TaskInfo | undefined): void {
    this.runtime.adapter.reportError(error, task);
  }
}
