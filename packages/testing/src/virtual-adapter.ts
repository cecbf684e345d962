import type { ContextStorage, RuntimeAdapter, TaskInfo } from "@cohort/core";
import type { VirtualTimer, VirtualTimers } from "./virtual-timers.ts";

/** What the library told the runtime's reporter. */
export interface Report {
  /** Present on an error that could come out of no block. */
  readonly error?: unknown;
  /** Present on a sentence about tasks, such as those that ignore their cancellation. */
  readonly warning?: string;
  readonly tasks: readonly TaskInfo[];
}

export interface VirtualHost {
  readonly timers: VirtualTimers;
  /** What the clock shows. */
  now(): number;
  random(): number;
  /** With a seed: runs what is ready in the order of its draws. */
  readonly defer: ((run: () => void) => void) | undefined;
  isClosed(): boolean;
  reported(report: Report): void;
  /** A timer was set or cleared, the first block has opened or the last one ended. */
  changed(): void;
}

/** The host's adapter with another clock and another reporter; all else is the host's, also what it changes later. */
export function virtualAdapter(host: RuntimeAdapter, own: VirtualHost): RuntimeAdapter<VirtualTimer> {
  const { timers, defer } = own;
  return {
    name: host.name,
    now: () => own.now(),
    longestTimer: Infinity,
    setTimer(callback, ms) {
      own.changed();
      return timers.set(callback, ms);
    },
    clearTimer(timer) {
      own.changed();
      timers.clear(timer);
    },
    unrefTimer: (timer) => timers.unref(timer),
    random: () => own.random(),
    ...(defer === undefined ? {} : { defer }),
    // What is left when the clock is given back, and reports later, is the host's to hear.
    reportError(error, task) {
      if (own.isClosed()) host.reportError(error, task);
      else own.reported({ error, tasks: task === undefined ? [] : [task] });
    },
    reportWarning(warning, tasks = []) {
      if (own.isClosed()) host.reportWarning(warning, tasks);
      else own.reported({ warning, tasks });
    },
    watchExit() {
      own.changed();
      return () => own.changed();
    },

    // Not by inheritance: the host may be an object of a class with private fields.
    createAbortController: () => host.createAbortController(),
    prepareSignal: (signal) => host.prepareSignal?.(signal),
    isCancellation: (error, reason) => host.isCancellation?.(error, reason) ?? false,
    mayHaveContext: () => host.mayHaveContext?.() ?? true,
    instrument: () => host.instrument?.(),
    get contextStorage() {
      return host.contextStorage as ContextStorage;
    },
  };
}
