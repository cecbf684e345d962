import type { FuzzReport, LocalDriver } from "../fuzz/index.ts";
import type { FuzzOptions } from "./arguments.ts";
import { BadUsage } from "./bad-usage.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadTarget } from "./load-target.ts";
import { progressOn } from "./progress.ts";
import { usable } from "./usable.ts";

/** Compares an implementation with CPython on random programs. A difference is printed as JSON, with all to see it again. */
export async function fuzzCommand(options: FuzzOptions, signal: AbortSignal): Promise<number> {
  const { implementation, runs, seed, python } = options;
  const target = await usable(() => loadTarget(implementation));
  // Only here: running the cases needs neither fast-check nor a Python.
  const { fuzz } = await import("../fuzz/index.ts");
  const driver = await startPython(python);
  const progress = progressOn(process.stderr);
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  // It runs in this process: one that ends the process must not pass for one that agrees.
  const early = (): void => {
    process.exitCode = exitCodes.failed;
    process.stderr.write(`cohort-conformance: ${target.name} ended the process before there was a result\n`);
  };
  process.once("exit", early);
  let report: FuzzReport;
  try {
    progress.start(driver.runtime, runs);
    const onProgress = (): void => {
      signal.throwIfAborted();
      progress.done(true);
    };
    report = await Promise.race([fuzz({ target, driver, runs, seed, onProgress }), interrupted]);
  } finally {
    process.off("exit", early);
    progress.stop();
    // Not waited for: one that is in the middle of a program ends when its input does.
    void driver.stop().catch(() => undefined);
  }
  const { runs: done, skipped, stuck, difference } = report;
  const sum = `${done} programs on ${target.name} and ${driver.runtime}, seed ${report.seed}`;
  if (done > 0 && skipped === done) throw new BadUsage(`${sum}: all were skipped, which says nothing`);
  if (difference === undefined) {
    process.stdout.write(`${sum}: no difference (${skipped} skipped, ${stuck} wait for ever on both)\n`);
    return exitCodes.clean;
  }
  process.stdout.write(`${JSON.stringify({ seed: report.seed, ...difference }, undefined, 2)}\n`);
  process.stderr.write(`cohort-conformance: ${sum}: the last one differs; it is shown at its smallest\n`);
  return exitCodes.failed;
}

/** The Python that was asked for, one of the machine, or else pyodide where that is installed. */
async function startPython(python: string | undefined): Promise<LocalDriver> {
  const { findPython, startCPython, startPyodide } = await import("../fuzz/index.ts");
  const path = python ?? (await findPython());
  try {
    return path === undefined ? await startPyodide() : await startCPython(path);
  } catch (error) {
    const why = (error as Error).message.replaceAll(/\s*\n\s*/g, " ");
    if (path !== undefined) throw new BadUsage(`the Python ${path} can't be used: ${why}`, { cause: error });
    const wanted = "--python <path> (3.11 or newer), python3 on the PATH, or `npm install --save-dev pyodide`";
    throw new BadUsage(`there is no Python; wanted: ${wanted} (${why})`, { cause: error });
  }
}
