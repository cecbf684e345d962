import type { RuntimeAdapter } from "@cohort/core";
import { adapter as universal } from "@cohort/universal";
import { tie } from "./own-request.ts";
import { isReasonCopy } from "./reason-copy.ts";

const LONGEST = 2 ** 31 - 1;

/** The edge of Workers. Globals are looked up at the call, so that fake timers work. */
export const adapter: RuntimeAdapter = {
  ...(universal as RuntimeAdapter),
  name: "workers",
  createAbortController() {
    const controller = new AbortController();
    // What a listener throws comes out of workerd's abort(), up to dates of 2026: a cancellation would stop half-way.
    const abort = (reason: unknown): void => {
      try {
        AbortController.prototype.abort.call(controller, reason);
      } catch (error) {
        adapter.reportError(error);
      }
    };
    return Object.defineProperty(controller, "abort", { value: abort });
  },
  isCancellation: isReasonCopy,
  // Not reportError(): what it logs names no task.
  reportError(error, task) {
    console.error(task === undefined ? "Cohort:" : `Cohort, in ${task.path.join(" > ")}:`, error);
  },
  tie,
  // A request that waits with nothing of its own pending is taken for hung, and killed. A timer is something pending.
  holdWait() {
    const timer = setTimeout(() => {}, LONGEST);
    return () => clearTimeout(timer);
  },
};
