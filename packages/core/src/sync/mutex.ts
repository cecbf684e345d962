import { InvalidStateError } from "../errors.ts";
import type { For, MaybePromise } from "../scope.ts";
import { type Permit, permitFor, runWith } from "./permit.ts";
import { WAIT, Waiter, WaitQueue } from "./wait-queue.ts";

/** Somebody's right to a mutex. Who waits on a condition has it still, and is not the holder meanwhile. */
interface Claim {
  readonly permit: Permit;
  /** The permit has been released. */
  isOver: boolean;
}

/**
 * Lets one in at a time (SY). Strictly first come, first served: whoever leaves hands it to whoever waits longest. Not
 * re-entrant: a holder that waits for it again waits for ever. Python: `asyncio.Lock`; differs: only who holds the permit
 * can release it, so nothing can be released that isn't locked.
 *
 * @example
 * ```ts
 * using permit = await mutex.lock(task);
 * await save(await load());
 * ```
 */
export class Mutex {
  private holder: Claim | undefined;
  private readonly queue: WaitQueue<Permit, Claim | undefined> = new WaitQueue("a Mutex");

  /** Somebody holds it. */
  get locked(): boolean {
    return this.holder !== undefined;
  }

  /**
   * Waits until it is one's turn; give the permit back by `release()` or `using`. Rejects with the reason of a scope that
   * is cancelled, also if the mutex is free; what was handed over before is delivered (LI-2). asyncio: acquire.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  lock(scope: For | null): Promise<Permit> {
    return this.queue.wait(scope, () => this.tryLock() ?? WAIT);
  }

  /** The permit if nobody holds it; undefined otherwise. */
  tryLock(): Permit | undefined {
    if (this.holder !== undefined) return undefined; // as long as anybody waits, somebody holds it
    this.holder = this.claim();
    return this.holder.permit;
  }

  /**
   * Waits for its turn, calls `fn`, and leaves when what `fn` returned has settled (CA-11). Settles as `fn` does. Rejects
   * with the reason of a scope that is cancelled before `fn` has begun, and doesn't call it then. Python: `async with lock`.
   *
   * @param scope for whom one waits; `null` for whatever happens. To cancel `fn` itself is up to `fn`.
   */
  run<T>(scope: For | null, fn: () => MaybePromise<T>): Promise<T> {
    if (typeof fn !== "function") return Promise.reject(new TypeError(`run needs a function, not ${typeof fn}`));
    const locked = this.lock(scope);
    const running = runWith(locked, scope, fn);
    this.queue.partOf(running, locked);
    return running;
  }

  private claim(): Claim {
    const permit = permitFor(() => {
      claim.isOver = true;
      if (this.holder === claim) this.handOver();
    });
    const claim: Claim = { permit, isOver: false };
    return claim;
  }

  private handOver(): void {
    this.holder = undefined;
    while (this.holder === undefined) {
      const next = this.queue.shift();
      if (next === undefined) return;
      const claim = next.payload ?? this.claim();
      if (!claim.isOver) this.holder = claim;
      next.resolve(claim.permit);
    }
  }

  /** For a Condition: makes sure that it is locked. */
  private checkLocked(): void {
    if (this.holder === undefined) throw new InvalidStateError("the mutex of a Condition must be locked for this");
  }

  /** For a Condition: lets the next one in, and keeps the holder's claim. */
  private letGo(): Claim {
    this.checkLocked();
    const claim = this.holder as Claim;
    this.handOver();
    return claim;
  }

  /**
   * For a Condition: calls back when the claim holds the mutex again. Nothing interrupts that. A claim that was released
   * meanwhile has its turn too, and takes nothing.
   */
  private takeBack(claim: Claim, then: () => void): void {
    if (this.holder === undefined) {
      if (!claim.isOver) this.holder = claim;
      then();
    } else {
      new Waiter(this.queue, undefined, claim, then, then);
    }
  }
}
