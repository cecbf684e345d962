import type { For, MaybePromise } from "../scope.ts";
import { checkCount } from "../count.ts";
import { type Permit, permitFor, runWith } from "./permit.ts";
import { WAIT, WaitQueue } from "./wait-queue.ts";

/**
 * Lets at most so many in at once (LI-2). Strictly first come, first served: a permit that is given back goes straight to
 * whoever waits longest, and nobody overtakes. There are never more permits than at the start: each is given back once.
 * Python: `asyncio.BoundedSemaphore`.
 *
 * @example
 * ```ts
 * const connections = new Semaphore(10);
 * await taskGroup((group) => {
 *   for (const url of urls) group.createTask((task) => connections.run(task, () => download(url, task)));
 * });
 * ```
 */
export class Semaphore {
  private free: number;
  private readonly queue: WaitQueue<Permit> = new WaitQueue("a permit of a Semaphore");
  private readonly giveBack: () => void = () => {
    const next = this.queue.shift();
    if (next === undefined) this.free++;
    else next.resolve(permitFor(this.giveBack));
  };

  /**
   * @param permits how many: a whole number, 0 too, or Infinity.
   * @throws TypeError for what is no number, RangeError for a number that is none of these.
   */
  constructor(permits: number) {
    checkCount("permits", permits, 0);
    this.free = permits;
  }

  /** How many could come in now. */
  get available(): number {
    return this.free;
  }

  /** How many wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /**
   * Waits for a permit; give it back by `release()` or `using`. Rejects with the reason of a scope that is cancelled, also
   * if a permit is free; one that was handed over before is delivered (LI-2). asyncio: acquire.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  acquire(scope: For | null): Promise<Permit> {
    return this.queue.wait(scope, () => this.tryAcquire() ?? WAIT);
  }

  /** A permit if one is free and nobody waits; undefined otherwise. */
  tryAcquire(): Permit | undefined {
    if (this.free === 0) return undefined; // as long as anybody waits, none is free
    this.free--;
    return permitFor(this.giveBack);
  }

  /**
   * Waits for a permit, calls `fn`, and gives the permit back when what `fn` returned has settled: never when somebody
   * merely stopped waiting for it (CA-11). Settles as `fn` does. Rejects with the reason of a scope that is cancelled before
   * `fn` has begun, and doesn't call it then. Python: `async with semaphore`.
   *
   * @param scope for whom one waits; `null` for whatever happens. To cancel `fn` itself is up to `fn`.
   */
  run<T>(scope: For | null, fn: () => MaybePromise<T>): Promise<T> {
    if (typeof fn !== "function") return Promise.reject(new TypeError(`run needs a function, not ${typeof fn}`));
    const acquired = this.acquire(scope);
    const running = runWith(acquired, scope, fn);
    this.queue.partOf(running, acquired);
    return running;
  }
}
