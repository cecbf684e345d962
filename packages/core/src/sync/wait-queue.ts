import type { CancelScope } from "../cancel-scope.ts";
import type { For } from "../scope.ts";
import { waitableFor } from "../scope-handle.ts";
import { checkLive, endedError, Wait } from "../wait.ts";
import type { Waitable } from "../waitable.ts";

/** What a wait answers that can't be met at once. A value of our own: an item of a queue may be anything. */
export const WAIT: unique symbol = /* @__PURE__ */ Symbol("wait");

/** The promise that is left behind if its scope ends: the wait's own, or one that waits for that. */
type Whole = Promise<unknown> | (() => Promise<unknown>);

/**
 * Somebody who waits at a primitive. Two lists hold it: that of its scope, whose cancellation ends the wait, and the
 * primitive's own. It leaves both at once, whichever side ends it, so a primitive keeps no dead waiters.
 */
export class Waiter<T, P = undefined> extends Wait {
  declare readonly queue: WaitQueue<T, P>;
  declare readonly payload: P;
  declare readonly resolve: (value: T) => void;
  declare readonly reject: (reason: unknown) => void;
  declare whole: Whole | undefined;
  declare ahead: Waiter<T, P> | undefined;
  declare behind: Waiter<T, P> | undefined;

  constructor(
    queue: WaitQueue<T, P>,
    scope: Waitable | undefined,
    payload: P,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ) {
    super(scope);
    this.queue = queue;
    this.payload = payload;
    this.resolve = resolve;
    this.reject = reject;
    this.whole = undefined;
    this.ahead = undefined;
    this.behind = undefined;
    queue.append(this);
  }

  override get waitsFor(): string {
    return this.queue.waitsFor;
  }

  override leave(): void {
    super.leave();
    this.queue.remove(this);
  }

  override cancelled(reason: unknown): void {
    this.queue.remove(this);
    this.reject(reason);
  }

  override scopeEnded(): void {
    // As a sleep that was left behind: it must not crash the process.
    const { whole } = this;
    (typeof whole === "function" ? whole() : whole)?.catch(() => {});
    this.cancelled(endedError(this.scope as Waitable));
  }
}

/** Those who wait for one thing that a primitive gives, in the order of their coming. */
export class WaitQueue<T = void, P = undefined> {
  /** In a few words for reports. */
  readonly waitsFor: string;
  first: Waiter<T, P> | undefined;
  size = 0;
  private last: Waiter<T, P> | undefined;

  constructor(waitsFor: string) {
    this.waitsFor = waitsFor;
  }

  /** Waits at the end of the queue, unless `atOnce` has the answer. The scope is checked first, even so (LI-2). */
  wait(scope: For | null, atOnce: () => T | typeof WAIT, payload: P = undefined as P): Promise<T> {
    return waiting(scope, (by, resolve, reject) => {
      const value = atOnce();
      if (value === WAIT) return new Waiter(this, by, payload, resolve, reject);
      resolve(value);
      return undefined;
    });
  }

  /**
   * The call of `wait` just now is part of a greater promise; a function gives one that is still being made. Changes nothing
   * if it was met at once.
   */
  partOf(whole: Whole, wait: Promise<T>): void {
    if (this.last?.whole === wait) this.last.whole = whole;
  }

  append(waiter: Waiter<T, P>): void {
    waiter.ahead = this.last;
    if (this.last === undefined) this.first = waiter;
    else this.last.behind = waiter;
    this.last = waiter;
    this.size++;
  }

  remove(waiter: Waiter<T, P>): void {
    const { ahead, behind } = waiter;
    if (ahead === undefined) this.first = behind;
    else ahead.behind = behind;
    if (behind === undefined) this.last = ahead;
    else behind.ahead = ahead;
    waiter.ahead = waiter.behind = undefined;
    this.size--;
  }

  /**
   * Takes out the first, for a hand-over. One whose scope is cancelled but who hasn't been told yet is told now: while a
   * cancellation goes round, a callback of the user's may release something.
   */
  shift(): Waiter<T, P> | undefined {
    for (let first = this.first; first !== undefined; first = this.first) {
      first.leave();
      const { scope } = first;
      if (scope === undefined || !scope.isCancelled) return first;
      first.reject(scope.reason);
    }
    return undefined;
  }
}

/**
 * Begins a wait for `scope`; `null` says whatever happens. `begin` meets it at once or gives the waiter. What it throws
 * rejects.
 */
export function waiting<R>(
  scope: For | null,
  begin: (
    by: Waitable | undefined,
    resolve: (value: R) => void,
    reject: (reason: unknown) => void,
  ) => { whole: Whole | undefined } | undefined,
): Promise<R> {
  let by: Waitable | undefined;
  let waiter: { whole: Whole | undefined } | undefined;
  let promise = new Promise<R>((resolve, reject) => {
    by = whoWaits(scope);
    waiter = begin(by, resolve, reject);
  });
  if (waiter !== undefined) {
    // A signal that was handed in, and nobody, have no runtime.
    const release = (by as Partial<CancelScope> | undefined)?.runtime?.adapter.holdWait?.();
    if (release !== undefined) promise = held(promise, release);
    waiter.whole = promise;
  }
  return promise;
}

/** Releases after the hand-over, on the waiter's side of it: what it holds is its own host's, or its own request's. */
async function held<R>(promise: Promise<R>, release: () => void): Promise<R> {
  try {
    return await promise;
  } finally {
    release();
  }
}

/** For whom somebody wants to wait; throws unless they may. */
export function whoWaits(scope: For | null): Waitable | undefined {
  checkFor(scope);
  if (scope === null) return undefined;
  const waitable = waitableFor(scope);
  checkLive(waitable);
  return waitable;
}

/** Refuses what names nobody: the forgotten scope is what hangs a drain. */
export function checkFor(scope: For | null): void {
  if (scope === null || (typeof scope === "object" && ("signal" in scope || "aborted" in scope))) return;
  throw new TypeError(`say for whom you wait: a scope, an AbortSignal or null, not ${typeof scope}`);
}
