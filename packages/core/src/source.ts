import { isWebStream, readWebStream } from "./web-stream.ts";

/** A stream of Node's: its iterator closes only after the item it waits for, but destroy() ends that wait. */
interface NodeStream {
  destroy(): void;
  pipe(...to: never[]): unknown;
}

/** Where items come from: one iterator, asked for one item at a time, and closed once unless it ended by itself. */
export class Source<T> {
  readonly isAsync: boolean;
  private readonly items: Iterable<T> | AsyncIterable<T>;
  private readonly iterator: Iterator<T> | AsyncIterator<T>;
  private state: "idle" | "asked" | "ended" = "idle";
  private closing: Promise<void> | undefined;
  private isDestroyed = false;
  private readonly failed: (error: unknown) => void;

  /** `failed` takes what closing throws. */
  constructor(items: Iterable<T> | AsyncIterable<T>, failed: (error: unknown) => void) {
    checkIterable("map's source", items);
    const open = (items as Partial<AsyncIterable<T>>)[Symbol.asyncIterator];
    this.items = items;
    this.isAsync = isWebStream(items) || (open !== undefined && open !== null);
    if (isWebStream(items)) this.iterator = readWebStream(items) as AsyncIterator<T>;
    else if (this.isAsync) this.iterator = (items as AsyncIterable<T>)[Symbol.asyncIterator]();
    else this.iterator = (items as Iterable<T>)[Symbol.iterator]();
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
   * events, for a peer or for a map's results, can do so at once, and it may be all that ends its wait.
   */
  interrupt(): void {
    if (!this.isAsync || this.state !== "asked") return;
    const { destroy, pipe } = this.items as Partial<NodeStream>;
    if (typeof destroy === "function" && typeof pipe === "function") {
      this.isDestroyed = true;
      destroy.call(this.items);
    }
    this.closing ??= this.close();
  }

  /** Is this how a stream answers that it was destroyed before its end? */
  isEcho(error: unknown): boolean {
    return this.isDestroyed && (Object(error) as { code?: unknown }).code === "ERR_STREAM_PREMATURE_CLOSE";
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
  if (!isIterable(items)) throw new TypeError(`${what} needs an iterable`);
}

export function isIterable(items: unknown): boolean {
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } = Object(items) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >;
  return typeof (asynchronous ?? synchronous) === "function" || isWebStream(items);
}
