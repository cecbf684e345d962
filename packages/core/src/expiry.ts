import type { Block } from "./block.ts";
import { cancel, childrenOf } from "./cancel-scope.ts";
import { listOf } from "./drain.ts";
import { CancelledError, TimeoutError } from "./errors.ts";
import { Timer } from "./timer.ts";
import { Wait } from "./wait.ts";

/** The deadline of a block. It waits with the block: once something else has cancelled it, the deadline can't any more. */
export class Expiry extends Wait {
  private readonly block: Block;
  /** When the block was made. */
  readonly start: number;
  private timer: Timer | undefined;
  when: number = Infinity;
  /** What the block throws if the deadline ended it; set once the deadline has cancelled it. */
  error: TimeoutError | undefined;

  constructor(block: Block) {
    super(block);
    this.block = block;
    this.start = block.runtime.adapter.now();
  }

  /**
   * Sets the first deadline, by the clock's reading at the start: read again, a pause of the host between the two would let
   * a millisecond pass before the body is called.
   */
  begin(when: number): void {
    this.set(when, this.start);
  }

  /** Sets the deadline; one that has passed cancels at once, before the body's first wait (TO-6). */
  set(when: number, now: number = this.block.runtime.adapter.now()): void {
    this.timer?.clear();
    this.when = when;
    if (this.block.isCancelled) return;
    const ms = when - now;
    if (ms <= 0) this.expire();
    else if (ms < Infinity) this.timer = new Timer(this.block.runtime, ms, () => this.expire());
  }

  override cancelled(): void {
    this.timer?.clear();
  }

  override scopeEnded(): void {
    this.timer?.clear();
  }

  private expire(): void {
    const block = this.block;
    this.leave();
    const running = [...childrenOf(block)].filter(({ state }) => state !== "pending").map(({ name }) => name);
    const message = `${block.title} ran out of time after ${Math.round(Math.max(0, this.when - this.start))} ms`;
    this.error = new TimeoutError(running.length > 0 ? `${message}; still running: ${listOf(running)}` : message);
    cancel(block, new CancelledError(message, { cause: this.error }));
  }
}
