/** Where items come from: one iterator, asked for one item at a time, and closed once unless it ended by itself. */
export class Source<T> {
  readonly isAsync: boolean;
  private readonly iterator: Iterator<T> | AsyncIterator<T>;
  private state: "idle" | "asked" | "ended" = "idle";
  private closing: Promise<void> | undefined;
  private readonly failed: (error: unknown) => void;

  /** `failed` takes what closing throws. */
  constructor(items: Iterable<T> | AsyncIterable<T>, failed: (error: unknown) => void) {
    const open = (items as Partial<AsyncIterable<T>>)[Symbol.asyncIterator];
    this.isAsync = open !== undefined && open !== null;
    this.iterator = this.isAsync
      ? (items as AsyncIterable<T>)[Symbol.asyncIterator]()
      : (items as Iterable<T>)[Symbol.iterator]();
    this.failed = failed;
  }

  /** Asks for an item. Only the answer of an asynchronous source is to be awaited; `has` takes it. */
  next(): IteratorResult<T> | PromiseLike<IteratorResult<T>> {
    this.state = "asked";
    return this.iterator.next();
  }

  /** Is there an item in the answer? */
  has(answer: IteratorResult<T>): answer is IteratorYieldResult<T> {
    if (Object(answer) !== answer) throw new TypeError(`an iterator must give objects, not ${typeof answer}`);
    this.state = answer.done ? "ended" : "idle";
    return this.state === "idle";
  }

  /**
   * Closes a source that hasn't answered yet. A generator comes to that after its answer; one that merely waits, for
   * events or for a map's results, can do so at once, and it may be all that ends its wait.
   */
  interrupt(): void {
    if (this.isAsync && this.state === "asked") this.closing ??= this.close();
  }

  /** Closes it unless it has ended or thrown; waits until it is closed. */
  end(): Promise<void> | undefined {
    if (this.state === "idle") this.closing ??= this.close();
    return this.closing;
  }

  private async close(): Promise<void> {
    try {
      await this.iterator.return?.();
    } catch (error) {
      this.failed(error);
    }
  }
}

/** Refuses what can't be iterated. */
export function checkIterable(what: string, items: unknown): void {
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } = Object(items) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  if (typeof (asynchronous ?? synchronous) !== "function") throw new TypeError(`${what} needs an iterable`);
}
