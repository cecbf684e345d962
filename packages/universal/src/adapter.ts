import type { RuntimeAdapter } from "@cohort/core";

type HostTimer = ReturnType<typeof setTimeout>;

/**
 * What every modern runtime has: `setTimeout`, `AbortController`, `performance`, `console`, and `reportError` where it is
 * there. The adapters of browsers, Bun and Deno start from it.
 */
export const adapter: RuntimeAdapter<HostTimer> = {
  name: "universal",
  now: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer),
  // A number in browsers, an object where timers keep a process alive.
  unrefTimer: (timer) => (timer as { unref?: () => void }).unref?.(),
  createAbortController: () => new AbortController(),
  reportError(error, task) {
    // Only what is an Error says enough by itself; and Node, and older Workers, have no reportError.
    const host = globalThis as { readonly reportError?: (error: unknown) => void };
    if (host.reportError !== undefined) host.reportError(error);
    else console.error(task === undefined ? "Cohort:" : `Cohort, in ${task.path.join(" > ")}:`, error);
  },
  reportWarning: (text) => console.warn(`Cohort: ${text}`),
};
