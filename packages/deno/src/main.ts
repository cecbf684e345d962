import { constants } from "node:os";
import { bindMain, type MainFn } from "@cohort/universal/main";
import { openWork } from "./open-work.ts";
import { runtime } from "./runtime.ts";
import { stderr } from "./stderr.ts";

/**
 * Runs a program as one task group and gives its exit code, which is also set as `Deno.exitCode` (RT-6). It never rejects:
 * what fails is printed with the name of each task, and gives 1. A signal cancels the group and gives 128 plus its number
 * when all has drained; a second one exits at once. A `SystemExit` gives its code. asyncio: run().
 *
 * @example
 * ```ts
 * await main(async ({ signal }) => {
 *   await Deno.serve({ port: 8080, signal }, answer).finished;
 * });
 * ```
 */
export const main: MainFn<Deno.Signal> = /* @__PURE__ */ bindMain(runtime, {
  listen(signal, callback) {
    Deno.addSignalListener(signal, callback);
    return () => Deno.removeSignalListener(signal, callback);
  },
  // A table of names and numbers is all that is taken from there: Deno's own interface has no numbers.
  numberOf: (signal) => constants.signals[signal as keyof typeof constants.signals],
  exit: (code) => Deno.exit(code),
  exitCode: () => Deno.exitCode,
  setExitCode: (code) => void (Deno.exitCode = code),
  write: stderr,
  hasColours: () => Deno.stderr.isTerminal() && !Deno.noColor,
  hold: () => openWork.hold(),
});
