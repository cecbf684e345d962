import { formatException, type RuntimeAdapter } from "@cohort/core";
import { channelInstrument } from "./channels.ts";
import { openWork } from "./open-work.ts";
import { stderr } from "./stderr.ts";

type HostTimer = ReturnType<typeof setTimeout>;

/** Deno's edge. Globals are looked up at the call, so that fake timers work. */
export const adapter: RuntimeAdapter<HostTimer> = {
  name: "deno",
  now: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer),
  // Declared for numbers alone, which timers were before they became objects.
  unrefTimer: (timer) => Deno.unrefTimer(timer as unknown as number),
  createAbortController: () => new AbortController(),
  // Not reportError(), which ends the process: what comes here is a second error, and the first has a block to come out of.
  reportError(error, task) {
    const who = task === undefined ? "" : `, in ${task.path.join(" > ")}`;
    stderr(`Cohort${who}: ${formatException(error)}\n`);
  },
  reportWarning: (text) => stderr(`Cohort: ${text}\n`),
  instrument: channelInstrument,
  watchExit: (runtime) => openWork.watchExit(runtime),
};
