import { setMaxListeners } from "node:events";
import { inspect } from "node:util";
import type { RuntimeAdapter } from "@cohort/core";
import { mayHaveContext } from "./async-context.ts";
import { channelInstrument } from "./channels.ts";
import { openWork } from "./open-work.ts";

/** Node's edge. Globals are looked up at the call, so that fake timers work. */
export const adapter: RuntimeAdapter<NodeJS.Timeout> = {
  name: "node",
  now: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer),
  unrefTimer: (timer) => timer.unref(),
  createAbortController: () => new AbortController(),
  // Node 20 warns at the 11th listener of a signal; ten fetches under one scope are nothing unusual.
  prepareSignal: (signal) => setMaxListeners(0, signal as never),
  // Not thrown: what comes here is a second error, and the first has a block to come out of.
  reportError(error, task) {
    const who = task === undefined ? "" : `, in ${task.path.join(" > ")}`;
    process.stderr.write(`Cohort${who}: ${inspect(error)}\n`);
  },
  reportWarning: (text) => process.emitWarning(text, "CohortWarning"),
  mayHaveContext,
  instrument: channelInstrument,
  watchExit: (runtime) => openWork.watchExit(runtime),
};
