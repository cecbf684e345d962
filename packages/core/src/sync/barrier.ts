import { BrokenBarrierError } from "../errors.ts";
import type { For } from "../scope.ts";
import { checkCount } from "../count.ts";
import { WAIT, WaitQueue } from "./wait-queue.ts";
import { wake } from "./wake.ts";

/**
 * Lets nobody through until so many have come, then all of them together, again and again (SY). Python: `asyncio.Barrier`;
 * differs: those who get through are out at once, so that no reset or abort can catch them on their way.
 *
 * @example
 * ```ts
 * const round = new Barrier(players.length);
 * for (const player of players) {
 *   group.createTask(async (task) => {
 *     for (let n = 0; n < rounds; n++) {
 *       await player.move(task);
 *       await round.wait(task);
 *     }
 *   });
 * }
 * ```
 */
export class Barrier {
  readonly parties: number;
  private isBroken = false;
  private readonly queue: WaitQueue<number> = new WaitQueue("a Barrier");

  /**
   * @param parties how many: a whole number from 1.
   * @throws TypeError for what is no number, RangeError for a number that is none of these.
   */
  constructor(parties: number) {
    checkCount("parties", parties, 1);
    this.parties = parties;
  }

  /** How many wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /** `abort()` has been called, and no `reset()` since. */
  get broken(): boolean {
    return this.isBroken;
  }

  /**
   * Waits for the others. Resolves with a number from 0 to `parties - 1`, a different one for each of those who get through
   * together. Who is cancelled merely leaves: the others wait for one more. Rejects with a BrokenBarrierError when the
   * barrier is reset or aborted, and if it is broken; with the reason of a scope that is cancelled before all have come.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  wait(scope: For | null): Promise<number> {
    return this.queue.wait(scope, () => {
      if (this.isBroken) throw new BrokenBarrierError("the barrier is broken");
      if (!this.isLast()) return WAIT;
      wake(this.queue, (waiter, index) => waiter.resolve(index));
      return this.parties - 1;
    });
  }

  /** Sends those who wait away with a BrokenBarrierError and begins anew; mends a broken barrier. */
  reset(): void {
    this.isBroken = false;
    this.sendAway("the barrier was reset");
  }

  /** Breaks the barrier until `reset()`: those who wait, and all who come, get a BrokenBarrierError. */
  abort(): void {
    this.isBroken = true;
    this.sendAway("the barrier was aborted");
  }

  /** All others are here. Who has been cancelled doesn't count, told so or not yet. */
  private isLast(): boolean {
    const { queue, parties } = this;
    if (queue.size + 1 < parties) return false;
    for (let at = queue.first; at !== undefined;) {
      const { scope, behind } = at;
      if (scope?.isCancelled) {
        at.leave();
        at.reject(scope.reason);
      }
      at = behind;
    }
    return queue.size + 1 === parties;
  }

  private sendAway(message: string): void {
    const error = new BrokenBarrierError(message);
    wake(this.queue, (waiter) => waiter.reject(error));
  }
}
