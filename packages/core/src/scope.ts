import type { CancellationTest } from "./cancellation.ts";
import type { Failure } from "./failure.ts";
import type { All, AllSettled, Fn, Fns, Ret } from "./fns.ts";
import type { MapIterable, MapOptions, Mapper, MapSource } from "./map.ts";
import type { Settled } from "./settled.ts";
import type { TaskInfo } from "./task-info.ts";

export type MaybePromise<T> = T | PromiseLike<T>;
/** For whom one waits. */
export type For = Scope | AbortSignal;
export type TaskState = "pending" | "running" | "done" | "failed" | "cancelled";
export type Body<S, T> = (scope: S) => MaybePromise<T>;
type Nested<O> = Omit<O, "parent">;

/** What every block and task opened from outside a scope takes. */
export interface Cancellable {
  /** The scope it is nested under: its cancellation cancels this. A scope of another copy of the library counts by its signal. */
  parent?: Scope | undefined;
  /** Cancels from outside, with its reason passed on unchanged (CA-4). */
  signal?: AbortSignal | null | undefined;
  /** Ms until it is cancelled and ends with a `TimeoutError` (TO-2). */
  timeout?: number | undefined;
  name?: string | undefined;
}

/** How a cancelled block waits for what ignores its cancellation (CA-8). Inherited by the blocks within. */
export interface Draining {
  /** Ms after which stragglers are reported, once each. Default 5000; Infinity for never. */
  grace?: number | undefined;
  /** Ms after which the block stops waiting and ends with an `AbandonedError`. Default: never. */
  abandonAfter?: number | undefined;
}

export interface TaskGroupOptions extends Cancellable, Draining {
  /** How many members run at once; the others wait in order (LI-1). Default: no limit. */
  limit?: number | undefined;
  /** `false`: a failing member cancels nobody, what failed is thrown at the end (FF-4). Default: true. */
  failFast?: boolean | undefined;
  /** Takes each member's failure instead of the group's keeping it; implies `failFast: false`. What it throws is a failure that cancels. */
  onFailure?: ((error: unknown, task: TaskInfo) => void) | undefined;
  /** Lets `task.cancel()` cancel one member, as asyncio does (ME-6). Default: false. */
  memberCancel?: boolean | undefined;
  /** Names further errors that are the group's cancellation, once it is cancelled. Holds for everything under the group. */
  isCancellation?: CancellationTest | undefined;
  /** Decides when the group closes and what comes of it (CO-7). Not beside `failFast` or `onFailure`. */
  policy?: GroupPolicy | undefined;
  /**
   * For finding mistakes: keeps where each task was created (DX-5), and reports a task that can never settle because what
   * it waits for has been garbage-collected (DX-6). Holds for everything under the group.
   */
  debug?: boolean | undefined;
}

/**
 * When a group closes and what it gives (CO-7). Java's counterpart is the Joiner of StructuredTaskScope.
 *
 * @example
 * ```ts
 * const firstTwo = (): GroupPolicy<number> => {
 *   let done = 0;
 *   return {
 *     onSettled: ({ outcome }) => (outcome.status === "fulfilled" && ++done === 2 ? "close" : "continue"),
 *     result: () => done,
 *   };
 * };
 * ```
 */
export interface GroupPolicy<R = unknown> {
  /** Called once for each foreground member that is done or failed. `"close"` cancels the others. A throw is a failure. */
  onSettled(task: TaskInfo & { readonly outcome: PromiseSettledResult<unknown> }): "continue" | "close";
  /** Makes the block's value in place of the body's, and in place of throwing the failures. */
  result?(value: unknown, failures: readonly Failure[]): R;
}

export interface TaskGroupFn {
  <T>(body: Body<TaskGroup, T>): Promise<T>;
  <R>(options: TaskGroupOptions & { policy: Required<GroupPolicy<R>> }, body: Body<TaskGroup, unknown>): Promise<R>;
  <T>(options: TaskGroupOptions, body: Body<TaskGroup, T>): Promise<T>;
}

/** A group without a body of its own: `await using`, `join()` at its end (LC-5). */
export interface OpenTaskGroup extends TaskGroup, AsyncDisposable {
  /** Waits for all members and throws what `taskGroup` would. */
  join(this: void): Promise<void>;
  /** The same as disposal, where Symbol.asyncDispose is missing. Without `join()` before, it cancels the members. */
  close(this: void): Promise<void>;
}

export type MoveOn<T> = { timedOut: true } | { timedOut: false; value: T };
export interface ShieldOptions extends Draining {
  /** Ms from the start of the body. */
  timeout?: number | undefined;
  /** Ms from the moment the outer scope is cancelled. */
  cancelAfter?: number | undefined;
}

/** What a function runs under. Not thenable; every member works destructured (ME-1). */
export interface Scope {
  readonly name: string;
  /** The names from the outermost scope down to this one. */
  readonly path: readonly string[];
  /** A platform signal, made when it is read (CA-2). */
  readonly signal: AbortSignal;
  /** Why the scope was cancelled; `undefined` while it isn't. */
  readonly reason: unknown;
  isCancelled(this: void): boolean;
  /** Throws the reason if the scope is cancelled. */
  throwIfCancelled(this: void): void;
  /** Is this error the scope's own cancellation, so that a `catch` should let it pass (DX-7)? */
  isCancellation(this: void, error: unknown): boolean;
  /** Calls back on cancellation; on a microtask if it has happened. Returns what takes the callback back. */
  onCancel(this: void, callback: (reason: unknown) => void): (() => void) & Disposable;
  /** Waits `ms`; rejects with the reason when cancelled. */
  sleep(this: void, ms: number): Promise<void>;
  /** Follows a promise; rejects with the reason when cancelled, whatever becomes of the promise (CA-10). */
  abortable<T>(this: void, promise: PromiseLike<T>): Promise<T>;

  taskGroup: {
    <T>(this: void, body: Body<TaskGroup, T>): Promise<T>;
    <R>(
      this: void,
      options: Nested<TaskGroupOptions> & { policy: Required<GroupPolicy<R>> },
      body: Body<TaskGroup, unknown>,
    ): Promise<R>;
    <T>(this: void, options: Nested<TaskGroupOptions>, body: Body<TaskGroup, T>): Promise<T>;
  };
  openTaskGroup(this: void, options?: Nested<TaskGroupOptions>): OpenTaskGroup;
  failAfter<T>(this: void, ms: number, body: Body<DeadlineScope, T>, options?: Draining): Promise<T>;
  failAt<T>(this: void, when: Date | number, body: Body<DeadlineScope, T>, options?: Draining): Promise<T>;
  moveOnAfter<T>(this: void, ms: number, body: Body<DeadlineScope, T>, options?: Draining): Promise<MoveOn<T>>;
  /** Runs the body where outer cancellation doesn't reach it; the caller waits (CA-11). */
  shield: {
    <T>(this: void, body: Body<ShieldScope, T>): Promise<T>;
    <T>(this: void, options: ShieldOptions, body: Body<ShieldScope, T>): Promise<T>;
  };
  /** Runs functions together; their results in the same shape (CO-2). */
  gather<const F extends Fns, const S extends boolean | undefined = false>(
    this: void,
    fns: F,
    options?: Nested<TaskGroupOptions> & { settled?: S },
  ): Promise<S extends true ? AllSettled<F> : All<F>>;
  /** Runs functions together; the first result, when the others have been cancelled and drained (CO-3). */
  firstSuccess<const F extends readonly Fn[]>(
    this: void,
    fns: F,
    options?: Nested<TaskGroupOptions>,
  ): Promise<Ret<F[number]>>;
  /** Runs functions together; how each ended, in that order (CO-4). */
  asCompleted<const F extends readonly Fn[]>(
    this: void,
    fns: F,
    options?: Nested<TaskGroupOptions>,
  ): AsyncIterableIterator<Settled<Ret<F[number]>>>;
  /** Maps the items of any iterable, some at a time (LI-3). */
  map<T, R>(this: void, source: MapSource<T>, fn: Mapper<T, R>, options?: Nested<MapOptions<T>>): MapIterable<R>;
}

export interface TaskScope extends Scope {
  readonly id: number;
}

export interface DeadlineScope extends Scope {
  /** The deadline has passed and cancelled the scope. */
  readonly expired: boolean;
  /** In `now()`'s ms; Infinity for never. */
  readonly when: number;
  /** Moves the deadline. Throws an InvalidStateError once it has expired or the block has ended. */
  reschedule(this: void, when: Date | number): void;
}

export interface ShieldScope extends Scope {
  /** The scope that the shield keeps off. */
  readonly outer: Pick<Scope, "isCancelled" | "onCancel" | "reason">;
}

export interface TaskOptions {
  name?: string | undefined;
  /** Start within `createTask`, if a slot is free and nobody queues (ME-2). */
  eager?: boolean | undefined;
  /** Doesn't keep the group open: cancelled and awaited when the others are done (ME-12). */
  background?: boolean | undefined;
}

export interface TaskGroup extends Scope {
  /**
   * Adds a member. It starts on a microtask, in the order of creation. Never calls `fn` once the group is shutting down:
   * the task is cancelled on arrival (LC-4). Throws an InvalidStateError once the group has finished (LC-2).
   */
  createTask<T>(this: void, fn: (task: TaskScope) => MaybePromise<T>, options?: TaskOptions): Task<T>;
  /** Resolves with what the member passes to `started()`; until then its failure is the caller's (ME-13). Trio: nursery.start. */
  start<R = void>(
    this: void,
    fn: (task: TaskScope, started: (value: R) => void) => unknown,
    options?: Omit<TaskOptions, "eager">,
  ): Promise<R>;
  /** Ends the group early, without an error (CA-6). */
  cancel(this: void, reason?: unknown): void;
  /** Waits until no foreground member is left, without closing the group (CO-9). */
  idle(this: void): Promise<void>;
  /** How many foreground members haven't ended. */
  readonly size: number;
  /** The members that haven't ended. */
  readonly tasks: Iterable<Task<unknown>>;
  /** Disposes the resource after every member has ended, last first (CO-8). */
  use<R extends Disposable | AsyncDisposable>(this: void, resource: R): R;
  /** Calls the cleanup after every member has ended, last first (CO-8). */
  defer(this: void, cleanup: () => unknown): void;
}

/** A member's handle. Promise-like, so it never travels through a promise: that would await it. */
export interface Task<T> extends TaskInfo {
  then<A = T, B = never>(
    ok?: ((value: T) => MaybePromise<A>) | null,
    no?: ((reason: unknown) => MaybePromise<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(no?: ((reason: unknown) => MaybePromise<B>) | null): Promise<T | B>;
  finally(fn?: (() => void) | null): Promise<T>;
  readonly [Symbol.toStringTag]: string;
  readonly state: TaskState;
  /** The result; throws the task's error, a CancelledError if it was cancelled, an InvalidStateError if it isn't finished. */
  result(): T;
  settled(): PromiseSettledResult<T> | undefined;
  /** Refused (`false`) by a group, which is one unit (ME-5), unless it was opened with `memberCancel`. */
  cancel(reason?: unknown): boolean;
}

/** A task outside any group: a real promise. asyncio: create_task. */
export interface DetachedTask<T> extends Promise<T>, TaskInfo {
  readonly state: TaskState;
  /** `true` if the request was made, `false` if the task has ended. */
  cancel(reason?: unknown): boolean;
}
