import type { Instrument } from "./instruments.ts";
import type { Runtime } from "./runtime.ts";
import type { TaskInfo } from "./task-info.ts";

/** Keeps a value across `await`s, as AsyncLocalStorage does; what makes `currentTask()` work (DX-3). */
export interface ContextStorage {
  /** Calls `fn` so that `current()` gives `task` in everything it starts. */
  run<R>(task: TaskInfo, fn: () => R): R;
  current(): TaskInfo | undefined;
}

/** Throws where a scope mustn't be used. */
export type Tie = (scope: { readonly title: string }) => void;

/**
 * All that a runtime has to supply (RT-2); everything else is derived from it. Each function looks its host's globals up
 * when it is called, so that a test's fake timers work.
 *
 * `Timer` is whatever the host's timers are.
 */
export interface RuntimeAdapter<Timer = unknown> {
  readonly name: string;
  /** Milliseconds since the Unix epoch on a clock that never goes back. */
  now(): number;
  /** Calls back once after `ms`, which is at most `longestTimer`, and keeps the process alive until then. */
  setTimer(callback: () => void, ms: number): Timer;
  clearTimer(timer: Timer): void;
  /** The most that `setTimer` can count. Default: 2^31-1 ms, as in every host known. */
  readonly longestTimer?: number;
  /** Lets the process end in spite of the timer. Hosts where nothing keeps anything alive leave it out. */
  unrefTimer?(timer: Timer): void;
  /** A number from 0 up to but not including 1, for the jitter of restarts. Default: `Math.random`. */
  random?(): number;
  createAbortController(): AbortController;
  /** Called once for each signal that the library hands out: Node 20 warns at the 11th listener on one. */
  prepareSignal?(signal: AbortSignal): void;
  /**
   * The host's own ways to say "aborted" beyond an `AbortError` by name or code and the reason itself. It is asked only
   * about scopes that have been cancelled. workerd's fetch rejects with a copy of the reason, for instance.
   */
  isCancellation?(error: unknown, reason: unknown): boolean;
  /** Takes an error that can come out of no block any more. */
  reportError(error: unknown, task?: TaskInfo): void;
  /** Takes a sentence about tasks that don't end, or that nobody waited for. */
  reportWarning(text: string, tasks?: readonly TaskInfo[]): void;
  /**
   * May the host's async context differ from one `createTask` to the next? `false` spares a promise per member; without
   * the hook it is assumed to (ME-14).
   */
  mayHaveContext?(): boolean;
  /** Where the host has async context and somebody asked for `currentTask()`. */
  contextStorage?: ContextStorage;
  /**
   * Runs something on a microtask: a member that is to start, a waiter that is to wake. What comes in one turn is run in an
   * order of the hook's; without it, it is that of creation. For tests, whose order can be shuffled.
   */
  defer?(run: () => void): void;
  /**
   * Called when a scope begins to wait at a primitive such as a `Semaphore`; what it returns, when that wait is over. For
   * hosts that end what waits with nothing of its own pending: whoever it waits for may be somebody else there (RT-5).
   */
  holdWait?(): () => void;
  /**
   * Called when a block opens under no other. What it returns is called with whatever of that block or under it somebody is
   * about to use, and throws where it mustn't be used: hosts tie to a request what was opened in it (RT-5).
   */
  tie?(): Tie;
  /** The host's own instrument, while somebody listens to it (Node: diagnostics channels). Asked once a turn. */
  instrument?(): Instrument | undefined;
  /**
   * Called when a block opens and none was open. The host reports what is open when nothing is left that could wake the
   * program (DX-4), until the function that is returned here is called: the last block has ended.
   */
  watchExit?(runtime: Runtime): () => void;
}
