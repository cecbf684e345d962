import { AsyncQueue } from "./async-queue.ts";
import { Heap } from "./heap.ts";
import type { Items } from "./items.ts";

/**
 * An `AsyncQueue` that gives the least item first, and equal ones in the order of their coming (SY). Who waits for an item
 * gets the first that comes, whatever comes after it. Python: `asyncio.PriorityQueue`.
 *
 * @example
 * ```ts
 * const jobs = new PriorityQueue<Job>(100, (a, b) => a.deadline - b.deadline);
 * ```
 */
export class PriorityQueue<T> extends AsyncQueue<T> {
  protected override items: Items<T>;

  /**
   * @param compare negative if `a` comes first, as for `Array.sort`. By `<` if left out: for numbers, strings, dates. What
   *   it throws comes out of the call that compared, and the queue is as before.
   * @throws TypeError also for a `compare` that is no function.
   */
  constructor(maxSize?: number, compare: (a: T, b: T) => number = byLess) {
    super(maxSize);
    if (typeof compare !== "function") throw new TypeError(`compare must be a function, not ${typeof compare}`);
    this.items = new Heap(compare);
  }
}

function byLess<T>(a: T, b: T): number {
  if (a < b) return -1;
  return b < a ? 1 : 0;
}
