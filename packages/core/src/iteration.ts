import { cancel, type CancelScope } from "./cancel-scope.ts";
import { type Abandonment, settleHere } from "./block.ts";
import { CancelledError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { append, type Linked, remove } from "./linked-list.ts";
import { infoOf } from "./task-info.ts";
import { TaskGroupScope } from "./task-group.ts";
import type { TaskRecord } from "./task.ts";
import { checkOpen } from "./wait.ts";
import { LIVE } from "./waitable.ts";

type Step<T> = IteratorResult<T, undefined>;

/** What the group ended with. */
interface Thrown {
  readonly error: unknown;
}

/** A call of next() that waits. */
interface Taker<T> extends Linked<Taker<T>> {
  readonly resolve: (step: Step<T> | Thrown) => void;
}

/**
 * A group whose members' results are taken one by one. It is opened by the first next() and ends when its members have
 * ended; if any failure is left that nobody was given, only when somebody has been: asked for more, or told to end by its
 * consumer, or by the end of its owner. Until then its body counts as running.
 */
export abstract class Iteration<T> extends TaskGroupScope {
  /** Those whose results nobody has taken yet. If there are any, nobody waits for one. */
  protected readonly finished: Fifo = new Fifo();
  /** How many calls of next() wait. */
  protected wanted = 0;
  /** A member was cancelled, or never began, so that results are missing. */
  protected isCut = false;
  protected isBegun = false;
  private takers: Taker<T> | undefined;
  private left: Promise<void> | undefined;
  private thrown: Thrown | undefined;

  /** Creates the members. */
  protected abstract begin(): void;
  /** What is given of a member that has ended. */
  protected abstract give(task: TaskRecord): T;
  /** Lets go of the results that nobody has taken. */
  protected abstract drop(): void;

  /** Called whenever a member has ended or a result has been taken, as long as there are members. */
  protected refill(): void {}

  protected get hasUngiven(): boolean {
    return this.failures.all.length > 0;
  }

  /** There is no body that could be stuck. */
  override get isBusy(): boolean {
    return false;
  }

  /** The iterator's next(). */
  take(): Promise<Step<T>> {
    const task = this.finished.shift();
    if (task === undefined) return this.wait();
    const value = this.give(task);
    this.advance();
    return Promise.resolve({ value, done: false });
  }

  /** An async function that awaits, for the sake of the caller's frames (DX-5). */
  protected async wait(): Promise<Step<T>> {
    if (!this.isBegun) this.openNow();
    const step = await new Promise<Step<T> | Thrown>((resolve) => {
      this.takers = append(this.takers, { prev: undefined, next: undefined, resolve });
      this.wanted++;
      this.advance();
    });
    if (!("error" in step)) return step;
    return settleHere(this, () => {
      throw step.error;
    }) as never;
  }

  private openNow(): void {
    checkOpen(this.parent as CancelScope);
    this.isBegun = true;
    // It may have been cancelled since the call that made this.
    this.reason = (this.parent as CancelScope).reason;
    this.whenLeft = () => void this.close().catch(() => {});
    this.open();
    this.isCut = this.isCancelled;
    this.begin();
  }

  /** A member has a result for whoever comes first. */
  protected offer(task: TaskRecord): void {
    if (this.takers === undefined) this.finished.push(task);
    else this.hand({ value: this.give(task), done: false });
  }

  private hand(step: Step<T> | Thrown): void {
    const taker = this.takers as Taker<T>;
    this.takers = remove(this.takers, taker);
    this.wanted--;
    taker.resolve(step);
  }

  private advance(): void {
    if (this.children !== undefined && !this.isOver) return this.refill();
    const isAsked = this.takers !== undefined || this.isOver;
    if (this.body === "running" && (isAsked || !this.hasUngiven)) this.conclude();
    while (this.takers !== undefined) {
      this.hand(this.thrown ?? { value: undefined, done: true });
      this.thrown = undefined;
    }
  }

  /** Ends the group; the first who finds no more results is told how. */
  private conclude(): void {
    this.bodySettled(this.isCut ? "cancelled" : "done", undefined);
    try {
      this.outcome();
    } catch (error) {
      this.thrown = { error };
    }
  }

  /** The iterator's return(). */
  async close(): Promise<IteratorReturnResult<undefined>> {
    this.drop();
    if (!this.isBegun) {
      this.isBegun = true;
      this.isOver = true;
      this.body = "done";
    } else if (this.body === "running") {
      this.left = this.whenOver();
      // First: whoever ends while the cancellation is told of must not conclude.
      this.body = "cancelled";
      cancel(this, new CancelledError(`the iteration of ${this.title} was left`));
      if (!this.isOver) this.bodySettled("cancelled", undefined);
      await this.left;
      const isLost = this.hasUngiven || this.abandoned !== undefined;
      try {
        settleHere(this, () => this.outcome());
      } catch (error) {
        // A cancellation or a deadline is nothing to someone who has left.
        if (isLost) this.lose(error);
      }
    } else if (!this.isOver) {
      await this.left;
    } else if (this.thrown !== undefined && this.abandoned !== undefined) {
      const { error } = this.thrown;
      this.thrown = undefined;
      this.lose(error);
    }
    return { value: undefined, done: true };
  }

  /** Rejects return(). The error of the loop's own body would hide that, so it is reported too. */
  private lose(error: unknown): never {
    this.runtime.adapter.reportError(error, infoOf(this));
    throw error;
  }

  override childEnded(child: CancelScope): void {
    super.childEnded(child);
    this.advance();
  }

  override giveUp(error?: Abandonment): void {
    super.giveUp(error);
    this.advance();
  }

  override onCancelled(origin: CancelScope): void {
    if (this.children !== undefined) this.isCut = true;
    // Who cancels from outside wants an end; a deadline and a failure leave what was finished before them.
    if (this.outsideReason() !== LIVE) this.drop();
    super.onCancelled(origin);
    this.refill();
  }
}

/** What users hold: works destructured, and keeps the group's own functions to itself. */
export function iteratorOver<T>(iteration: Iteration<T>): AsyncIterableIterator<T> {
  const iterator: AsyncIterableIterator<T> = {
    next: () => iteration.take(),
    return: () => iteration.close(),
    async throw(error) {
      await iteration.close().catch(() => {}); // it has been reported
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
