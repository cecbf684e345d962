import { sleep } from "@cohort/browser";
import type { TestClock } from "@cohort/testing";

type Callback = (...args: unknown[]) => unknown;

/** Ms between frames, whole so that frames are told apart by whole moments. */
const FRAME_MS = 16;

/** The host's timers and frames on a virtual clock. They wait for nobody's sake, as real ones do. */
export interface VirtualTimers {
  readonly setTimeout: (callback: Callback, ms?: unknown, ...args: unknown[]) => number;
  readonly setInterval: (callback: Callback, ms?: unknown, ...args: unknown[]) => number;
  readonly requestAnimationFrame: (callback: (time: number) => unknown) => number;
  /** Ends any of them. */
  readonly clear: (id?: number) => void;
}

export function virtualTimers(clock: TestClock, noWait: () => number): VirtualTimers {
  const open = new Map<number, AbortController>();
  let last = 0;

  function set(again: boolean, callback: () => unknown, wait: number): number {
    const id = ++last;
    const stop = new AbortController();
    open.set(id, stop);
    const next = (): void =>
      void sleep(wait === 0 ? noWait() : wait, stop.signal).then(
        () => {
          if (again) next();
          else open.delete(id);
          // What it throws is an unhandled rejection, which is shown as the output of the program.
          callback();
        },
        // It was cleared, or the clock was closed.
        () => open.delete(id),
      );
    next();
    return id;
  }

  return {
    setTimeout: (callback, ms, ...args) => set(false, () => callback(...args), Math.max(0, toLong(ms))),
    setInterval: (callback, ms, ...args) => set(true, () => callback(...args), Math.max(1, toLong(ms))),
    requestAnimationFrame: (callback) =>
      set(false, () => callback(clock.elapsed), FRAME_MS - (clock.elapsed % FRAME_MS)),
    clear: (id) => {
      open.get(id as number)?.abort();
      open.delete(id as number);
    },
  };
}

/** A delay as browsers take it, which is modulo 2³²: Infinity, NaN and what doesn't fit are no delay. */
function toLong(ms: unknown): number {
  return (ms as number) | 0;
}

/**
 * `AbortSignal.timeout()` on the virtual clock: aborted with a DOMException called "TimeoutError". Throws a TypeError for what
 * is no length of time in ms, as the host's does.
 */
export function virtualTimeout(ms: unknown): AbortSignal {
  const wait = Math.trunc(Number(ms));
  if (!(wait >= 0 && wait <= Number.MAX_SAFE_INTEGER)) throw new TypeError(`no time for a signal in ms: ${String(ms)}`);
  const controller = new AbortController();
  void sleep(wait, null).then(
    () => controller.abort(new DOMException("signal timed out", "TimeoutError")),
    // The clock was closed.
    () => {},
  );
  return controller.signal;
}
