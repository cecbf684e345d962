import { addInstrument, formatTaskTree, inspectTasks, runtime, taskGroup } from "@cohort/browser";
import { DeadlockError, type TestClock, useVirtualTime } from "@cohort/testing";
import type { OutputLevel, RunEvent } from "../recording/event.ts";
import { errorLine } from "../recording/error-node.ts";
import { isInstance } from "../recording/is-instance.ts";
import { Recorder } from "../recording/recorder.ts";
import type { Main } from "./load-program.ts";
import { captureConsole } from "./output.ts";
import { printUnhandled } from "./unhandled.ts";
import { useVirtualGlobals } from "./virtual-globals.ts";

export type Mode = "real" | "virtual";

export interface ExecuteOptions {
  readonly mode: Mode;
  /** In virtual time: shuffles what could run at the same moment. */
  readonly seed?: number | undefined;
  /** Cancels the program's own group; what comes out then is the end of its drain. */
  readonly signal: AbortSignal;
  /** Takes each event as it happens; the last is a "finish". */
  readonly emit: (event: RunEvent) => void;
}

/** What programs see of the date in virtual time: the same in each run. */
const VIRTUAL_START = Date.UTC(2030, 0, 1);

/**
 * Runs a program once and tells what happens. `load` gives the program's function, and runs its top level, under the same
 * clock; what it throws is thrown here before any event.
 */
export async function execute(load: () => Promise<Main>, options: ExecuteOptions): Promise<void> {
  const { mode, seed, signal, emit } = options;
  const clock = mode === "virtual" ? useVirtualTime(runtime, { seed, start: VIRTUAL_START }) : undefined;
  const start = performance.now();
  const now = clock === undefined ? () => tenths(performance.now() - start) : () => clock.elapsed;
  const recorder = new Recorder(now, (event) => {
    emit(event);
    // The library reports after it has told the instruments.
    if (clock !== undefined) void Promise.resolve().then(() => printReports(clock, recorder));
  });
  const print = (level: OutputLevel, text: string): void => recorder.output(level, text);
  const restoreGlobals = clock === undefined ? undefined : useVirtualGlobals(clock);
  const restoreConsole = captureConsole(print);
  const uninstall = addInstrument(recorder.instrument);
  const unhandled = printUnhandled((text) => print("error", text));
  try {
    const main = await load();
    const [outcome] = await Promise.allSettled([taskGroup({ name: "main", signal }, main)]);
    const release = clock?.hold();
    await unhandled.told();
    release?.();
    const open = inspectTasks();
    if (open.length > 0) print("warn", `the program has ended and leaves behind:\n${formatTaskTree(open)}`);
    if (clock !== undefined) printReports(clock, recorder);
    recorder.finish(outcome, signal.aborted);
  } finally {
    uninstall();
    // What is left is the program's mistake, and has been printed.
    await clock?.close().catch(() => {});
    unhandled.stop();
    restoreConsole();
    restoreGlobals?.();
  }
}

/** A reading of the host's clock has more digits than anybody can use. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Under virtual time the clock keeps what the library would have told the host's reporter. */
function printReports(clock: TestClock, recorder: Recorder): void {
  if (clock.reports.length === 0) return;
  for (const report of clock.takeReports()) {
    if (report.warning !== undefined) recorder.output("warn", report.warning);
    // The program itself ends with a deadlock.
    else if (!isInstance(report.error, DeadlockError)) recorder.output("error", `reported: ${errorLine(report.error)}`);
  }
}
