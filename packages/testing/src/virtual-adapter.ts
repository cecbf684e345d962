import type { RuntimeAdapter, TaskInfo } from "@cohort/core";
import type { Shuffle } from "./shuffle.ts";
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
  readonly shuffle: Shuffle | undefined;
  isClosed(): boolean;
  reported(report: Report): void;
  /** A timer was set or cleared. */
  changed(): void;
  /** The first block has opened; what is returned is called when the last has ended. */
  opened(): () => void;
}

/** The host's adapter with another clock and another reporter; all else stays the host's, also what it changes later. */
export function virtualAdapter(host: RuntimeAdapter, own: VirtualHost): RuntimeAdapter<VirtualTimer> {
  const { timers, shuffle } = own;
  const adapter: Omit<RuntimeAdapter<VirtualTimer>, "name" | "createAbortController"> = {
    now: () => timers.now(),
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
    // What is left when the clock is given back, and reports later, is the host's to hear.
    reportError(error, task) {
      if (own.isClosed()) host.reportError(error, task);
      else own.reported({ error, tasks: task === undefined ? [] : [task] });
    },
    reportWarning(warning, tasks = []) {
      if (own.isClosed()) host.reportWarning(warning, tasks);
      else own.reported({ warning, tasks });
    },
    watchExit: () => own.opened(),
    ...(shuffle === undefined ? {} : { arrange: shuffle.arrange, random: shuffle.random }),
  };
  return Object.create(host, Object.getOwnPropertyDescriptors(adapter)) as RuntimeAdapter<VirtualTimer>;
}
