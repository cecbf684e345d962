import { formatException, type RuntimeAdapter } from "@cohort/core";
import { channelInstrument } from "./channels.ts";
import { openWork } from "./open-work.ts";

/** Bun's edge. Globals are looked up at the call, so that fake timers work. */
export const adapter: RuntimeAdapter<Timer> = {
  name: "bun",
  now: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer),
  unrefTimer: (timer) => timer.unref(),
  createAbortController: () => new AbortController(),
  // Not reportError(), which ends the process: what comes here is a second error, and the first has a block to come out of.
  reportError(error, task) {
    const who = task === undefined ? "" : `, in ${task.path.join(" > ")}`;
    process.stderr.write(`Cohort${who}: ${formatException(error)}\n`);
  },
  reportWarning: (text) => process.emitWarning(text, "CohortWarning"),
  instrument: channelInstrument,
  watchExit: (runtime) => openWork.watchExit(runtime),
};
