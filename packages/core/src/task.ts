import { CancelScope, leaveOwned } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { reportLate } from "./drain.ts";
import { CancelledError, InvalidStateError } from "./errors.ts";
import { notify } from "./instruments.ts";
import type { ContextStorage } from "./runtime-adapter.ts";
import type { MaybePromise, TaskScope, TaskState } from "./scope.ts";
import { followWatched } from "./settle-watch.ts";
import type { TaskGroupScope } from "./task-group.ts";

const ignore = (): void => {};

function runInContext(
  storage: ContextStorage,
  task: TaskRecord,
  fn: NonNullable<TaskRecord["fn"]>,
  view: TaskScope,
): unknown {
  return storage.run(task, () => fn(view));
}

/**
 * A member of a group. One record per task: the handle that users hold is this record, and the scope that `fn` gets is a
 * view over it. A promise is made only for a handle that somebody awaits.
 */
export class TaskRecord extends CancelScope {
  declare fn: ((scope: TaskScope, ...rest: never[]) => unknown) | undefined;
  declare state: TaskState;
  /** The result of a task that is done, the error of one that failed, the reason of one that was cancelled. */
  declare value: unknown;
  /** Next in a queue of its group: while it waits to start, or its result to be taken. */
  declare queued: TaskRecord | undefined;
  /** Of its group's limit. A background task needs none. */
  declare slot: "none" | "held" | "background";

  constructor(group: TaskGroupScope, fn: TaskRecord["fn"], label: string | undefined, isBackground: boolean) {
    super(group.runtime, group, label);
    this.since = group.runtime.time();
    this.fn = fn;
    this.state = "pending";
    this.value = undefined;
    this.queued = undefined;
    this.slot = isBackground ? "background" : "none";
  }

  // A getter, as all that needn't be a field: a field of every member is 8 bytes.
  override get kind(): "task" {
    return "task";
  }

  get group(): TaskGroupScope {
    return this.parent as TaskGroupScope;
  }

  get isBackground(): boolean {
    return this.slot === "background";
  }

  override get isDebug(): boolean {
    return this.group.isDebug;
  }

  get [Symbol.toStringTag](): string {
    return "Task";
  }

  override get isSettled(): boolean {
    return this.children === undefined && this.state !== "running" && this.state !== "pending";
  }

  override get isBusy(): boolean {
    return this.state === "running";
  }

  /** Calls the function and follows what it returns. A synchronous throw counts as a returned rejected promise (ME-4). */
  run(): void {
    const fn = this.fn as NonNullable<TaskRecord["fn"]>;
    const { runtime, group } = this;
    this.fn = undefined;
    this.state = "running";
    if (runtime.isWatched) notify("onTaskStart", this);
    let result: unknown;
    try {
      const { contextStorage } = runtime.adapter;
      const view = group.viewOf(this);
      result = contextStorage === undefined ? fn(view) : runInContext(contextStorage, this, fn, view);
      if (result === this) throw this.awaitsItself();
    } catch (error) {
      result = Promise.reject(error);
    }
    this.follow(result);
  }

  // Apart from run(): the two functions, which live as long as the task runs, keep nothing alive but the task.
  private follow(result: unknown): void {
    const done = (value: unknown): void => this.settle("done", value);
    const failed = (error: unknown): void => this.settle(isCancellation(this, error) ? "cancelled" : "failed", error);
    const promise = Promise.resolve(result);
    if (this.isDebug) void followWatched(this, promise, { done, failed });
    else promise.then(done, failed);
  }

  /** Ends it before it began: its group is shutting down (LC-4). */
  dieOnArrival(): void {
    this.fn = undefined;
    this.state = "cancelled";
    this.value = this.reason;
  }

  settle(state: "done" | "failed" | "cancelled", value: unknown): void {
    this.state = state;
    this.value = state === "cancelled" ? this.reason : value;
    this.fn = undefined;
    const deferred = this.rare?.deferred;
    if (deferred !== undefined) {
      if (state === "done") deferred.resolve(value);
      else deferred.reject(this.value);
    }
    this.dropWaits();
    if (this.runtime.isWatched) notify("onTaskEnd", this, this.settled() as PromiseSettledResult<unknown>, state);
    if (this.rare?.isAbandoned && this.group.abandoned === undefined) reportLate(this, state, value, false);
    this.group.memberSettled(this);
    if (this.children === undefined) this.unlink();
    else leaveOwned(this);
  }

  /** A block that the function opened and didn't await has ended: nothing outlives the group, so it was waited for. */
  override childEnded(): void {
    if (this.state === "running") return;
    if (this.children === undefined) this.unlink();
    else leaveOwned(this);
  }

  cancel(reason?: unknown): boolean {
    return this.group.cancelMember(this, reason);
  }

  result(): unknown {
    switch (this.state) {
      case "done":
        return this.value;
      case "failed":
        throw this.value;
      case "cancelled":
        throw this.value instanceof CancelledError
          ? this.value
          : new CancelledError(`task "${this.name}" was cancelled`, { cause: this.value });
      default:
        throw new InvalidStateError(`task "${this.name}" is not finished, it is ${this.state}`);
    }
  }

  settled(): PromiseSettledResult<unknown> | undefined {
    if (this.state === "pending" || this.state === "running") return undefined;
    return this.state === "done"
      ? { status: "fulfilled", value: this.value }
      : { status: "rejected", reason: this.value };
  }

  then<A = unknown, B = never>(
    ok?: ((value: unknown) => MaybePromise<A>) | null,
    no?: ((reason: unknown) => MaybePromise<B>) | null,
  ): Promise<A | B> {
    if (this.state === "running" && this.runtime.adapter.contextStorage?.current() === this) {
      return Promise.reject(this.awaitsItself()).then(ok, no); // ME-10: it would wait for ever
    }
    this.own.isAwaited = true;
    const promise = this.promise();
    // ER-6: the group reports the error, so a chain that merely passes it on is no unhandled rejection. One that a handler
    // of the user's replaced with an error of its own is, and stays one.
    const derived: Promise<A | B> = promise.then(
      ok,
      typeof no === "function"
        ? (error: unknown) => {
            try {
              return no(error);
            } catch (again) {
              if (Object.is(again, error)) derived.catch(ignore);
              throw again;
            }
          }
        : undefined,
    );
    if (typeof no !== "function") promise.catch(() => derived.catch(ignore));
    return derived;
  }

  catch<B = never>(no?: ((reason: unknown) => MaybePromise<B>) | null): Promise<unknown> {
    return this.then(undefined, no);
  }

  finally(fn?: (() => void) | null): Promise<unknown> {
    const passOn = (): void => void passed.catch(ignore);
    const passed: Promise<unknown> = this.then().finally(
      typeof fn === "function"
        ? () => {
            const over: unknown = fn();
            Promise.resolve(over).then(passOn, ignore);
            return over;
          }
        : undefined,
    );
    if (typeof fn !== "function") passOn();
    return passed;
  }

  private awaitsItself(): InvalidStateError {
    return new InvalidStateError(`${this.title} awaits itself`);
  }

  private promise(): Promise<unknown> {
    const settled = this.settled();
    if (settled !== undefined) {
      return settled.status === "fulfilled" ? Promise.resolve(settled.value) : Promise.reject(settled.reason);
    }
    const { own } = this;
    if (own.deferred === undefined) {
      let resolve: (value: unknown) => void = ignore;
      let reject: (reason: unknown) => void = ignore;
      const promise = new Promise((onValue, onReason) => {
        resolve = onValue;
        reject = onReason;
      });
      own.deferred = { promise, resolve, reject };
    }
    return own.deferred.promise;
  }
}
