import { AsyncQueue } from "./async-queue.ts";
import type { Items } from "./items.ts";

class LifoItems<T> implements Items<T> {
  private items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.items.push(item);
  }

  take(): T {
    return this.items.pop() as T;
  }

  clear(): void {
    this.items = [];
  }
}

/**
 * An `AsyncQueue` that gives the item that came last first (SY). Python: `asyncio.LifoQueue`.
 *
 * @example
 * ```ts
 * const open = new LifoQueue<Folder>(); // depth first
 * ```
 */
export class LifoQueue<T> extends AsyncQueue<T> {
  protected override items: Items<T> = new LifoItems();
}
