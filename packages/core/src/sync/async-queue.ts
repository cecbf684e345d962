import { InvalidStateError, QueueEmpty, QueueFull, QueueShutDown } from "../errors.ts";
import type { For } from "../scope.ts";
import { checkCount } from "../count.ts";
import { FifoItems, type Items } from "./items.ts";
import { type AtEnd, done, QueueIterator } from "./queue-iterator.ts";
import { WAIT, WaitQueue } from "./wait-queue.ts";
import { wake } from "./wake.ts";

/**
 * Hands items from those who put them to those who get them, first in, first out (SY). An item goes straight to whoever
 * waits longest for one, and a place straight to whoever waits longest to put; nobody overtakes, and nobody's cancellation
 * loses or doubles an item (LI-2). Anything can be an item, `undefined` too; a promise is awaited on its way out of
 * `get()`, as out of every async function. Python: `asyncio.Queue`, which lets newcomers overtake.
 *
 * @example
 * ```ts
 * const jobs = new AsyncQueue<Job>(100);
 * await taskGroup(async (group) => {
 *   group.createTask(async (task) => {
 *     for await (const job of jobs.values(task)) await work(job);
 *   });
 *   for (const job of todo) await jobs.put(job, group);
 *   jobs.shutdown(); // the loop ends when it has had them all
 * });
 * ```
 */
export class AsyncQueue<T> {
  protected items: Items<T> = new FifoItems();
  private readonly maxSize: number;
  private readonly getters: WaitQueue<T, AtEnd> = new WaitQueue("an item of an AsyncQueue");
  private readonly putters: WaitQueue<void, T> = new WaitQueue("room in an AsyncQueue");
  private readonly joiners: WaitQueue = new WaitQueue("an AsyncQueue to be done");
  /** How many items were put and haven't been reported by `taskDone()`. */
  private unfinished = 0;
  private isShutDown = false;

  /**
   * @param maxSize how many it holds: a whole number; unbounded if it is 0 or less, Infinity or left out.
   * @throws TypeError for what is no number, RangeError for a number that is none of these.
   */
  constructor(maxSize = 0) {
    checkCount("maxSize", maxSize);
    this.maxSize = maxSize > 0 ? maxSize : Infinity;
  }

  /** How many items are in it. */
  get size(): number {
    return this.items.size;
  }

  /**
   * Puts an item, and waits for room first if it is full. Rejects with a QueueShutDown if the queue is or gets shut down,
   * and with the reason of a scope that is cancelled before there is room: the item isn't in the queue then.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  put(item: T, scope: For | null): Promise<void> {
    return this.putters.wait(scope, () => (this.isFull && !this.isShutDown ? WAIT : this.tryPut(item)), item);
  }

  /**
   * Takes the next item, and waits for one if there is none. Rejects with a QueueShutDown when the queue is shut down and
   * has no items left, and with the reason of a scope that is cancelled before there is an item.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  get(scope: For | null): Promise<T> {
    return this.getters.wait(scope, () => (this.size === 0 && !this.isShutDown ? WAIT : this.tryGet()));
  }

  /** Puts an item at once. Throws a QueueFull if there is no room, a QueueShutDown if it was shut down. asyncio: put_nowait. */
  tryPut(item: T): void {
    if (this.isShutDown) throw shutDownError();
    if (this.isFull) throw new QueueFull(`the queue is full: it holds ${this.maxSize}`);
    const getter = this.getters.shift();
    if (getter === undefined) this.items.add(item);
    this.unfinished++;
    getter?.resolve(item);
  }

  /**
   * Takes the next item at once. Throws a QueueEmpty if there is none, a QueueShutDown if there never will be one.
   * asyncio: get_nowait.
   */
  tryGet(): T {
    if (this.size > 0) return this.take();
    throw this.isShutDown ? shutDownError() : new QueueEmpty("the queue is empty");
  }

  /**
   * Says that the work on an item that was taken is done, for `join()`. Throws an InvalidStateError if it is called more
   * often than items were put. asyncio: task_done, which raises ValueError.
   */
  taskDone(): void {
    if (this.unfinished === 0) throw new InvalidStateError("taskDone() was called more often than items were put");
    this.finish(1);
  }

  /**
   * Waits until `taskDone()` has been called for every item that was put. Rejects with the reason of a scope that is
   * cancelled before.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  join(scope: For | null): Promise<void> {
    return this.joiners.wait(scope, () => (this.unfinished === 0 ? undefined : WAIT));
  }

  /**
   * Lets nothing in any more: those who wait to put, and all who come, get a QueueShutDown. What is in it can still be
   * taken; then getters get a QueueShutDown too, and iterations end. `immediate` drops what is in it, and counts that as
   * done. asyncio 3.13: shutdown.
   */
  shutdown({ immediate = false }: { immediate?: boolean | undefined } = {}): void {
    this.isShutDown = true;
    if (immediate) {
      const dropped = this.size;
      this.items.clear();
      this.finish(dropped);
    }
    const error = shutDownError();
    wake(this.putters, (putter) => putter.reject(error));
    wake(this.getters, (getter) => (getter.payload === undefined ? getter.reject(error) : getter.payload()));
  }

  /**
   * The items as they come; ends when the queue is shut down and has no items left. Its `next()` rejects with the reason of
   * a scope that is cancelled. `return()`, and so `break`, ends it at once and loses no item. Throws a TypeError for what is
   * no scope.
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  values(scope: For | null): AsyncIterableIterator<T> {
    return new QueueIterator(scope, this.getters, () => {
      if (this.size > 0) return { done: false, value: this.take() };
      return this.isShutDown ? done() : WAIT;
    });
  }

  private get isFull(): boolean {
    return this.size >= this.maxSize;
  }

  /** Takes an item; who waits longest to put gets its place. */
  private take(): T {
    const item = this.items.take();
    for (let putter = this.putters.shift(); putter !== undefined; putter = this.putters.shift()) {
      try {
        this.items.add(putter.payload);
      } catch (error) {
        putter.reject(error); // an item that can't be compared is its putter's mistake, not the getter's
        continue;
      }
      this.unfinished++;
      putter.resolve();
      break;
    }
    return item;
  }

  private finish(count: number): void {
    this.unfinished = Math.max(0, this.unfinished - count);
    if (this.unfinished === 0) wake(this.joiners, (joiner) => joiner.resolve());
  }
}

function shutDownError(): QueueShutDown {
  return new QueueShutDown("the queue was shut down");
}
