import type { CancelScope } from "./cancel-scope.ts";
import { disposable } from "./disposable.ts";
import { InvalidStateError } from "./errors.ts";
import type { Linked } from "./linked-list.ts";
import type { RuntimeState } from "./runtime.ts";
import { Timer } from "./timer.ts";
import type { Waitable } from "./waitable.ts";

/** Something that a scope's cancellation interrupts. It leaves its scope's list when it is over, whatever ended it. */
export abstract class Wait implements Linked<Wait> {
  declare prev: Wait | undefined;
  declare next: Wait | undefined;
  /** Undefined for who waits whatever happens. */
  declare readonly scope: Waitable | undefined;

  constructor(scope: Waitable | undefined) {
    this.prev = undefined;
    this.next = undefined;
    this.scope = scope;
    scope?.addWait(this);
  }

  /** What somebody waits for here, in a few words for reports; undefined for what merely listens. */
  get waitsFor(): string | undefined {
    return undefined;
  }

  leave(): void {
    if (this.next !== undefined) this.scope?.dropWait(this);
  }

  /** The scope was cancelled; the wait has left it already. */
  abstract cancelled(reason: unknown): void;

  /** The scope ended with the wait still in it: somebody left a promise behind. */
  scopeEnded(): void {}
}

/** A callback for cancellation. It doesn't throw. */
export class CancelCallback extends Wait {
  declare readonly callback: (reason: unknown) => void;

  constructor(scope: Waitable, callback: (reason: unknown) => void) {
    super(scope);
    this.callback = callback;
  }

  override cancelled(reason: unknown): void {
    this.callback(reason);
  }
}

/**
 * Calls back when the scope is cancelled, on a microtask if it is already (CA-13). What the callback throws is reported
 * and stops nobody (CA-12). Returns what takes the callback back.
 */
export function onCancel(scope: CancelScope, callback: (reason: unknown) => void): (() => void) & Disposable {
  if (typeof callback !== "function") throw new TypeError("onCancel needs a function");
  scope.tie?.(scope);
  const call = (reason: unknown): void => {
    try {
      callback(reason);
    } catch (error) {
      scope.runtime.adapter.reportError(error, scope);
    }
  };
  let stop: () => void;
  if (scope.isCancelled) {
    let wanted = true;
    stop = () => {
      wanted = false;
    };
    void Promise.resolve().then(() => {
      if (wanted) call(scope.reason);
    });
  } else {
    const wait = new CancelCallback(scope, call);
    stop = () => wait.leave();
  }
  return disposable(stop);
}

class Sleep extends Wait {
  declare readonly timer: Timer;
  declare readonly reject: (reason: unknown) => void;
  declare promise: Promise<void> | undefined;

  constructor(
    runtime: RuntimeState,
    scope: Waitable,
    ms: number,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    super(scope);
    this.reject = reject;
    this.promise = undefined;
    this.timer = new Timer(runtime, ms, () => {
      this.leave();
      resolve();
    });
  }

  override get waitsFor(): string {
    return "a sleep";
  }

  override cancelled(reason: unknown): void {
    this.timer.clear();
    this.reject(reason);
  }

  override scopeEnded(): void {
    // A loser of a race, most often: its promise has handlers. One that was merely forgotten must not crash the process.
    this.promise?.catch(() => {});
    this.cancelled(endedError(this.scope as Waitable));
  }
}

/** Resolves after `ms` on the runtime's clock; rejects with the scope's reason as soon as it is cancelled. */
export function sleep(runtime: RuntimeState, scope: Waitable, ms: number): Promise<void> {
  let wait: Sleep | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    checkDuration(ms);
    checkLive(scope);
    wait = new Sleep(runtime, scope, ms, resolve, reject);
  });
  if (wait !== undefined) wait.promise = promise;
  return promise;
}

class Abortable extends Wait {
  declare readonly reject: (reason: unknown) => void;

  constructor(scope: Waitable, reject: (reason: unknown) => void) {
    super(scope);
    this.reject = reject;
  }

  override get waitsFor(): string {
    return "an abortable promise";
  }

  override cancelled(reason: unknown): void {
    this.reject(reason);
  }
}

/** Follows `promise` until the scope is cancelled, then rejects with the reason; what becomes of `promise` is ignored (CA-10). */
export function abortable<T>(scope: Waitable, promise: PromiseLike<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const followed = Promise.resolve(promise);
    followed.catch(() => {});
    checkLive(scope);
    const wait = new Abortable(scope, reject);
    const over = (settle: () => void): void => {
      wait.leave();
      settle();
    };
    followed.then(
      (value) => over(() => resolve(value)),
      (error: unknown) => over(() => reject(error)),
    );
  });
}

/** Throws the reason of a cancelled scope, and an InvalidStateError for one that has ended: its work was left behind. */
export function checkLive(scope: Waitable): void {
  if (scope.isCancelled) throw scope.reason;
  checkOpen(scope);
}

/** Throws an InvalidStateError for a scope that has ended, since what uses it now was left behind, or that isn't the caller's. */
export function checkOpen(scope: Waitable): void {
  scope.tie?.(scope);
  if (scope.hasEnded) throw endedError(scope);
}

/** For a wait whose scope has ended: its work was left behind. */
export function endedError(scope: Waitable): InvalidStateError {
  return new InvalidStateError(`${scope.title} has ended`);
}

/** Refuses what isn't a length of time (TO-6). */
export function checkDuration(ms: number): void {
  if (typeof ms !== "number") throw new TypeError(`a duration in ms must be a number, not ${typeof ms}`);
  if (!(ms >= 0)) throw new RangeError(`a duration in ms must not be negative or NaN: ${ms}`);
}
