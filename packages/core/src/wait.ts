import type { CancelScope } from "./cancel-scope.ts";
import { disposable } from "./disposable.ts";
import { InvalidStateError } from "./errors.ts";
import type { Linked } from "./linked-list.ts";
import { Timer } from "./timer.ts";

/** Something that a scope's cancellation interrupts. It leaves its scope's list when it is over, whatever ended it. */
export abstract class Wait implements Linked<Wait> {
  declare prev: Wait | undefined;
  declare next: Wait | undefined;
  declare readonly scope: CancelScope;

  constructor(scope: CancelScope) {
    this.prev = undefined;
    this.next = undefined;
    this.scope = scope;
    scope.addWait(this);
  }

  leave(): void {
    if (this.next !== undefined) this.scope.dropWait(this);
  }

  /** The scope was cancelled; the wait has left it already. */
  abstract cancelled(reason: unknown): void;

  /** The scope ended with the wait still in it: somebody left a promise behind. */
  scopeEnded(): void {}
}

/** A callback for cancellation. What it throws is reported and stops nobody (CA-12). */
export class CancelCallback extends Wait {
  declare readonly callback: (reason: unknown) => void;

  constructor(scope: CancelScope, callback: (reason: unknown) => void) {
    super(scope);
    this.callback = callback;
  }

  override cancelled(reason: unknown): void {
    try {
      this.callback(reason);
    } catch (error) {
      this.scope.runtime.adapter.reportError(error, this.scope);
    }
  }
}

/** Calls back when the scope is cancelled, on a microtask if it is already (CA-13). Returns what takes the callback back. */
export function onCancel(scope: CancelScope, callback: (reason: unknown) => void): (() => void) & Disposable {
  if (typeof callback !== "function") throw new TypeError("onCancel needs a function");
  let stop: () => void;
  if (scope.isCancelled) {
    let wanted = true;
    stop = () => {
      wanted = false;
    };
    void Promise.resolve().then(() => {
      if (wanted) CancelCallback.prototype.cancelled.call({ scope, callback } as CancelCallback, scope.reason);
    });
  } else {
    const wait = new CancelCallback(scope, callback);
    stop = () => wait.leave();
  }
  return disposable(stop);
}

class Sleep extends Wait {
  declare readonly timer: Timer;
  declare readonly reject: (reason: unknown) => void;
  declare promise: Promise<void> | undefined;

  constructor(scope: CancelScope, ms: number, resolve: () => void, reject: (reason: unknown) => void) {
    super(scope);
    this.reject = reject;
    this.promise = undefined;
    this.timer = new Timer(scope.runtime, ms, () => {
      this.leave();
      resolve();
    });
  }

  override cancelled(reason: unknown): void {
    this.timer.clear();
    this.reject(reason);
  }

  override scopeEnded(): void {
    // A loser of a race, most often: its promise has handlers. One that was merely forgotten must not crash the process.
    this.promise?.catch(() => {});
    this.cancelled(endedError(this.scope));
  }
}

/** Resolves after `ms` on the runtime's clock; rejects with the scope's reason as soon as it is cancelled. */
export function sleep(scope: CancelScope, ms: number): Promise<void> {
  let wait: Sleep | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    checkDuration(ms);
    checkLive(scope);
    wait = new Sleep(scope, ms, resolve, reject);
  });
  if (wait !== undefined) wait.promise = promise;
  return promise;
}

class Abortable extends Wait {
  declare readonly reject: (reason: unknown) => void;

  constructor(scope: CancelScope, reject: (reason: unknown) => void) {
    super(scope);
    this.reject = reject;
  }

  override cancelled(reason: unknown): void {
    this.reject(reason);
  }
}

/** Follows `promise` until the scope is cancelled, then rejects with the reason; what becomes of `promise` is ignored (CA-10). */
export function abortable<T>(scope: CancelScope, promise: PromiseLike<T>): Promise<T> {
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
export function checkLive(scope: CancelScope): void {
  if (scope.isCancelled) throw scope.reason;
  checkOpen(scope);
}

/** Throws an InvalidStateError for a scope that has ended: what uses it now was left behind. */
export function checkOpen(scope: CancelScope): void {
  if (scope.hasEnded) throw endedError(scope);
}

function endedError(scope: CancelScope): InvalidStateError {
  return new InvalidStateError(`${scope.title} has ended`);
}

/** Refuses what isn't a length of time (TO-6). */
export function checkDuration(ms: number): void {
  if (typeof ms !== "number") throw new TypeError(`a duration in ms must be a number, not ${typeof ms}`);
  if (!(ms >= 0)) throw new RangeError(`a duration in ms must not be negative or NaN: ${ms}`);
}
