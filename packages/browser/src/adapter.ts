import type { RuntimeAdapter } from "@cohort/core";
import { adapter as universal } from "@cohort/universal";
import { ClockTimer } from "./clock-timer.ts";
import { now } from "./clock.ts";

/**
 * The browser's edge: the universal one, with deadlines by the clock. What an engine rejects with when a signal is aborted
 * is the reason or an `AbortError`, in Chromium, Firefox and WebKit alike, so that there is no test for cancellations here.
 */
export const adapter: RuntimeAdapter<ClockTimer> = {
  name: "browser",
  now,
  setTimer: (callback, ms) => new ClockTimer(callback, ms),
  clearTimer: (timer) => timer.clear(),
  unrefTimer: (timer) => timer.unref(),
  createAbortController: () => new AbortController(),
  reportError: (error, task) => universal.reportError(error, task),
  reportWarning: (text, tasks) => universal.reportWarning(text, tasks),
};
