import type { Block } from "./block.ts";
import { cancel } from "./cancel-scope.ts";
import { namesOf, stragglersOf } from "./drain.ts";
import { CancelledError, TimeoutError } from "./errors.ts";
import { Timer } from "./timer.ts";

/** The deadline of a block: cancels it when it passes, unless something else has before. */
export class Expiry {
  readonly #block: Block;
  readonly #start: number;
  #timer: Timer | undefined;
  when: number = Infinity;
  /** What the block throws if the deadline ended it; set once the deadline has cancelled it. */
  error: TimeoutError | undefined;

  constructor(block: Block) {
    this.#block = block;
    this.#start = block.runtime.adapter.now();
  }

  /** Sets the deadline; one that has passed cancels at once, before the body's first wait (TO-6). */
  set(when: number): void {
    this.clear();
    this.when = when;
    const ms = when - this.#block.runtime.adapter.now();
    if (ms <= 0) this.#expire();
    else if (ms < Infinity) this.#timer = new Timer(this.#block.runtime, ms, () => this.#expire());
  }

  after(ms: number): void {
    this.set(this.#block.runtime.adapter.now() + ms);
  }

  clear(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }

  #expire(): void {
    const block = this.#block;
    if (block.isCancelled || block.isOver) return;
    const running = block.children === undefined ? [] : stragglersOf(block);
    const message = `${block.title} ran out of time after ${Math.round(Math.max(0, this.when - this.#start))} ms`;
    this.error = new TimeoutError(running.length > 0 ? `${message}; still running: ${namesOf(running)}` : message);
    cancel(block, new CancelledError(message, { cause: this.error }));
  }
}
