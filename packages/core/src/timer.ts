import type { RuntimeState } from "./runtime.ts";

/** What most hosts' timers can count: beyond it they overflow and fire at once. */
const LONGEST = 2 ** 31 - 1;

/** A timer for any length of time, also infinite ones (TO-6). */
export class Timer {
  private readonly runtime: RuntimeState;
  private readonly callback: () => void;
  private readonly unref: boolean;
  private timer: unknown;

  constructor(runtime: RuntimeState, ms: number, callback: () => void, unref = false) {
    this.runtime = runtime;
    this.callback = callback;
    this.unref = unref;
    this.arm(ms);
  }

  private arm(ms: number): void {
    const { adapter } = this.runtime;
    const longest = adapter.longestTimer ?? LONGEST;
    this.timer =
      ms > longest ? adapter.setTimer(() => this.arm(ms - longest), longest) : adapter.setTimer(this.callback, ms);
    if (this.unref) adapter.unrefTimer?.(this.timer);
  }

  clear(): void {
    this.runtime.adapter.clearTimer(this.timer);
  }
}
