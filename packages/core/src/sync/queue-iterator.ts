import type { For } from "../scope.ts";
import { checkFor, WAIT, waiting, Waiter, type WaitQueue } from "./wait-queue.ts";

/** What the end of the queue does to a waiting getter; without it, it gets a `QueueShutDown`. */
export type AtEnd = (() => void) | undefined;

export function done(): IteratorReturnResult<undefined> {
  return { done: true, value: undefined };
}

/** The items of a queue as they come, until it is shut down. It holds nothing but the waits that are going on. */
export class QueueIterator<T> implements AsyncIterableIterator<T> {
  private readonly scope: For | null;
  private readonly getters: WaitQueue<T, AtEnd>;
  private readonly take: () => IteratorResult<T> | typeof WAIT;
  private readonly pending: Set<Waiter<T, AtEnd>> = new Set();
  private isOver = false;

  constructor(scope: For | null, getters: WaitQueue<T, AtEnd>, take: QueueIterator<T>["take"]) {
    checkFor(scope);
    this.scope = scope;
    this.getters = getters;
    this.take = take;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.isOver) return Promise.resolve(done());
    return waiting<IteratorResult<T>>(this.scope, (by, resolve, reject) => {
      const result = this.take();
      if (result !== WAIT) {
        resolve(result);
        return undefined;
      }
      const over = (settle: () => void): void => {
        this.pending.delete(waiter);
        settle();
      };
      const waiter: Waiter<T, AtEnd> = new Waiter(
        this.getters,
        by,
        () => over(() => resolve(done())),
        (value) => over(() => resolve({ done: false, value })),
        (reason) => over(() => reject(reason)),
      );
      this.pending.add(waiter);
      return waiter;
    });
  }

  /** Ends it at once, and what waits for its next item: that stays in the queue. */
  return(): Promise<IteratorResult<T>> {
    this.isOver = true;
    for (const waiter of this.pending) {
      waiter.leave();
      waiter.payload?.();
    }
    return Promise.resolve(done());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
