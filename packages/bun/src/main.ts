import { constants } from "node:os";
import { bindMain, type MainFn } from "@cohort/universal/main";
import { openWork } from "./open-work.ts";
import { runtime } from "./runtime.ts";

/**
 * Runs a program as one task group and gives its exit code, which is also set as `process.exitCode` (RT-6). It never
 * rejects: what fails is printed with the name of each task, and gives 1. A signal cancels the group and gives 128 plus
 * its number when all has drained; a second one exits at once. A `SystemExit` gives its code. asyncio: run().
 *
 * @example
 * ```ts
 * await main(async (group) => {
 *   const server = Bun.serve({ port: 8080, fetch: answer });
 *   group.defer(() => server.stop());
 *   await group.sleep(Infinity);
 * });
 * ```
 */
export const main: MainFn<NodeJS.Signals> = /* @__PURE__ */ bindMain(runtime, {
  // Bun's own interface to signals is `process`: it has no other.
  listen(signal, callback) {
    process.on(signal, callback);
    return () => process.off(signal, callback);
  },
  numberOf: (signal) => constants.signals[signal],
  exit: (code) => process.exit(code),
  exitCode: () => Number(process.exitCode ?? 0),
  setExitCode: (code) => void (process.exitCode = code),
  write: (text) => process.stderr.write(text),
  hasColours: () => process.stderr.isTTY && Bun.enableANSIColors,
  hold: () => openWork.hold(),
});
