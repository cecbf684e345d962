import type { For } from "../scope.ts";
import { checkCount } from "../count.ts";
import { Mutex } from "./mutex.ts";
import { waiting, Waiter, WaitQueue, whoWaits } from "./wait-queue.ts";
import { wake } from "./wake.ts";

/**
 * Waits for a change of what a mutex protects (SY). Python: `asyncio.Condition`.
 *
 * @example
 * ```ts
 * const changed = new Condition();
 * group.createTask(async (task) => {
 *   using permit = await changed.mutex.lock(task);
 *   await changed.waitFor(() => stock > 0, task);
 *   stock--;
 * });
 * group.createTask((task) =>
 *   changed.mutex.run(task, () => {
 *     stock++;
 *     changed.notify();
 *   }),
 * );
 * ```
 */
export class Condition {
  readonly mutex: Mutex;
  private readonly queue: WaitQueue = new WaitQueue("a Condition");

  /** @param mutex may be shared with other conditions; one of its own otherwise. */
  constructor(mutex: Mutex = new Mutex()) {
    if (!(mutex instanceof Mutex)) throw new TypeError("a Condition needs a Mutex");
    this.mutex = mutex;
  }

  /**
   * Lets the mutex go until somebody notifies, and settles with it locked again, whatever happens: the permit that locked
   * it holds meanwhile nothing, and afterwards the mutex, unless it was released. Cancelled before the notification it
   * rejects with the reason, and the notification goes to somebody else; after it, it resolves (LI-2). To get the mutex
   * back can't be cancelled.
   *
   * Rejects with an InvalidStateError if the mutex isn't locked. It may wake without a change: prefer `waitFor`.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  wait(scope: For | null): Promise<void> {
    return waiting<void>(scope, (by, resolve, reject) => {
      const claim = this.mutex["letGo"]();
      const after = (settle: () => void): void => this.mutex["takeBack"](claim, settle);
      return new Waiter(
        this.queue,
        by,
        undefined,
        () => after(resolve),
        (reason) => after(() => reject(reason)),
      );
    });
  }

  /**
   * Waits until `predicate()` is true: it is asked at once, and whenever somebody notifies, the mutex being locked again. If
   * it is true at once the mutex need not be locked. Rejects as `wait` does, and with what the predicate throws. asyncio:
   * wait_for.
   *
   * @param scope for whom one waits; `null` for whatever happens. A cancelled one rejects before the predicate is asked.
   */
  waitFor(predicate: () => boolean, scope: For | null): Promise<void> {
    const loop = async (): Promise<void> => {
      if (typeof predicate !== "function") throw new TypeError(`waitFor needs a function, not ${typeof predicate}`);
      whoWaits(scope);
      while (!predicate()) {
        const wait = this.wait(scope);
        this.queue.partOf(() => looping, wait);
        await wait;
      }
    };
    const looping = loop();
    return looping;
  }

  /**
   * Wakes the first `n` who wait, or as many as do. Throws an InvalidStateError if the mutex isn't locked, a TypeError or
   * RangeError if `n` is neither a whole number nor Infinity.
   */
  notify(n = 1): void {
    checkCount("n", n, 0);
    this.mutex["checkLocked"]();
    wake(this.queue, (waiter) => waiter.resolve(), n);
  }

  /** Wakes everybody who waits. Throws an InvalidStateError if the mutex isn't locked. */
  notifyAll(): void {
    this.notify(Infinity);
  }
}
