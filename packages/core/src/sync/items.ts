/** What a queue keeps, and the order in which it gives it. */
export interface Items<T> {
  readonly size: number;
  /** Throws what a comparison throws, and is as before then. */
  add(item: T): void;
  /** Takes out the next one, of one or more. */
  take(): T;
  clear(): void;
}

/**
 * First in, first out. Two stacks: an array that is only pushed to and popped from gives its room back by itself, and
 * keeps nothing that was taken out.
 */
export class FifoItems<T> implements Items<T> {
  private front: T[] = [];
  private back: T[] = [];

  get size(): number {
    return this.front.length + this.back.length;
  }

  add(item: T): void {
    this.back.push(item);
  }

  take(): T {
    if (this.front.length === 0) {
      const empty = this.front;
      this.front = this.back.reverse();
      this.back = empty;
    }
    return this.front.pop() as T;
  }

  clear(): void {
    this.front = [];
    this.back = [];
  }
}
