import { CancelScope } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { reportLate } from "./drain.ts";
import { CancelledError, InvalidStateError } from "./errors.ts";
import { notify } from "./instruments.ts";
import type { MaybePromise, TaskScope, TaskState } from "./scope.ts";
import type { TaskGroupScope } from "./task-group.ts";

interface Deferred {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

const ignore = (): void => {};

/**
 * A member of a group. One record per task: the handle that users hold is this record, and the scope that `fn` gets is a
 * view over it. A promise is made only for a handle that somebody awaits.
 */
export class TaskRecord extends CancelScope {
  override readonly kind = "task";
  declare readonly group: TaskGroupScope;
  declare fn: ((scope: TaskScope, ...rest: never[]) => unknown) | undefined;
  declare state: TaskState;
  /** The result of a task that is done, the error of one that failed. */
  declare value: unknown;
  declare deferred: Deferred | undefined;
  /** Somebody has awaited the handle: they have its error too (ME-9, LC-5). */
  declare isAwaited: boolean;
  declare readonly isBackground: boolean;
  /** Takes the end of a task that hasn't called `started()` yet: until then it belongs to the caller of `start()` (ME-13). */
  declare starting: (() => void) | undefined;
  /** Next in the queue of its group, while it waits to start. */
  declare queued: TaskRecord | undefined;
  /** Starts it, in the async context of its creation, once it has been given a slot. */
  declare wake: (() => void) | undefined;
  declare hasSlot: boolean;
  /** Where it was created, under `debug`. */
  declare createdHere: string | undefined;

  constructor(group: TaskGroupScope, fn: TaskRecord["fn"], label: string | undefined, isBackground: boolean) {
    super(group.runtime, group, label);
    this.since = group.runtime.time();
    this.group = group;
    this.fn = fn;
    this.state = "pending";
    this.value = undefined;
    this.deferred = undefined;
    this.isAwaited = false;
    this.isBackground = isBackground;
    this.starting = undefined;
    this.queued = undefined;
    this.wake = undefined;
    this.hasSlot = false;
    this.createdHere = undefined;
  }

  get [Symbol.toStringTag](): string {
    return "Task";
  }

  override get createdAt(): string | undefined {
    return this.createdHere;
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
    if (runtime.instruments !== undefined) notify("onTaskStart", this);
    let result: unknown;
    try {
      const { contextStorage } = runtime.adapter;
      const view = group.viewOf(this);
      result = contextStorage === undefined ? fn(view) : contextStorage.run(this, () => fn(view));
      if (result === this) throw this.#awaitsItself();
    } catch (error) {
      result = Promise.reject(error);
    }
    Promise.resolve(result).then(
      (value) => this.settle("done", value),
      (error: unknown) => this.settle(isCancellation(this, error) ? "cancelled" : "failed", error),
    );
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
    if (this.deferred !== undefined) {
      if (state === "done") this.deferred.resolve(value);
      else this.deferred.reject(this.value);
    }
    if (this.runtime.instruments !== undefined)
      notify("onTaskEnd", this, this.settled() as PromiseSettledResult<unknown>);
    if (this.isAbandoned && this.group.abandoned === undefined) reportLate(this, state, value, false);
    this.group.memberSettled(this);
    if (this.children === undefined) this.unlink();
  }

  /** A block that the function opened and didn't await has ended: nothing outlives the group, so it was waited for. */
  override childEnded(): void {
    if (this.state !== "running" && this.children === undefined) this.unlink();
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
      return Promise.reject(this.#awaitsItself()).then(ok, no); // ME-10: it would wait for ever
    }
    this.isAwaited = true;
    const promise = this.#promise();
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

  #awaitsItself(): InvalidStateError {
    return new InvalidStateError(`${this.title} awaits itself`);
  }

  #promise(): Promise<unknown> {
    const settled = this.settled();
    if (settled !== undefined) {
      return settled.status === "fulfilled" ? Promise.resolve(settled.value) : Promise.reject(settled.reason);
    }
    if (this.deferred === undefined) {
      let resolve: (value: unknown) => void = ignore;
      let reject: (reason: unknown) => void = ignore;
      const promise = new Promise((onValue, onReason) => {
        resolve = onValue;
        reject = onReason;
      });
      this.deferred = { promise, resolve, reject };
    }
    return this.deferred.promise;
  }
}
