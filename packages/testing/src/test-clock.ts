import type { TraceEvent } from "./trace.ts";
import type { Report } from "./virtual-adapter.ts";

export interface VirtualTimeOptions {
  /**
   * A whole number that shuffles what could run at the same time: members and detached tasks that start together, timers of
   * one moment, members that one event wakes. The same seed gives the same order. Left out: the order of creation. What a
   * clause puts in order (slots, permits, abort callbacks) stays so, and who waits by a signal or for nobody's sake is woken in
   * order.
   */
  seed?: number | undefined;
  /** What the clock shows at first, as a Date or in ms since the Unix epoch. Default: 0. */
  start?: Date | number | undefined;
  /** Time jumps to the next timer when everything waits (Trio's autojump). Default: true; false leaves time to `advance()`. */
  autoJump?: boolean | undefined;
  /**
   * Real ms in which nothing may happen before time jumps: room for real requests and files. Default: 0. To happen is what
   * the library has a part in: timers, groups, tasks, cancellations.
   */
  cushion?: number | undefined;
  /**
   * Real ms in which nothing may happen, while no timer is left that time could move to, before open work ends with a
   * DeadlockError. Default: 1000; Infinity for never. From then on everything is cancelled as it begins.
   */
  patience?: number | undefined;
}

/**
 * The virtual time of a runtime. While it is open, every sleep, deadline, grace and backoff of the runtime counts on it; it
 * moves only when nothing is left to run. What goes through the host's own queues (files, requests, `setImmediate`) takes
 * real time and can't be seen: `hold()`, `cushion` and `patience` leave it room.
 *
 * Disposal gives the runtime back, whatever became of the test. It can't see that, so what was left behind fails the run by
 * an unhandled rejection rather than by a throw that would bury the test's own error; `close()` rejects with it.
 */
export interface TestClock extends Disposable, AsyncDisposable {
  /** What the runtime's `now()` gives, in ms. */
  now(): number;
  /** Ms since the clock was taken over. */
  readonly elapsed: number;
  /**
   * Lets `ms` pass, timer by timer; resolves when all that they woke is blocked again. Rejects with a RangeError for what
   * isn't a finite length of time.
   */
  advance(ms: number): Promise<void>;
  /** As `advance`, up to a moment. Rejects with a RangeError for one that has passed. */
  advanceTo(when: Date | number): Promise<void>;
  /** Resolves when everything is blocked, without letting time pass. Trio: wait_all_tasks_blocked. */
  idle(): Promise<void>;
  /** Time stands still until what is returned is called or disposed: for real work that can't be seen. */
  hold(): (() => void) & Disposable;
  /** Puts a line of your own into the trace. */
  mark(text: string): void;
  /** What has happened since the clock was taken over, in order. */
  trace(): readonly TraceEvent[];
  /** The trace drawn as text: a line a group or task, a column a moment. */
  timeline(options?: { readonly width?: number }): string;
  /** What the library reported, since no block could throw it, and a deadlock. */
  readonly reports: readonly Report[];
  /** Gives the reports and forgets them: a test that expects one takes it. */
  takeReports(): readonly Report[];
  /**
   * Throws a LeakError that names the open tasks, timers, listened-to signals and reported errors, and how to mend it; an
   * InvalidStateError once the clock is closed. A detached task that fails unobserved is the host's to report (CO-5).
   */
  assertNoLeaks(): void;
  /**
   * Gives the runtime back. Work that is still open is cancelled first; its cleanups get the virtual time that they ask for,
   * and up to a second of real time. Rejects, once, with a LeakError if anything was left behind.
   */
  close(): Promise<void>;
}
