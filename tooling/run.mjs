/**
 * Runs one of the repository's tools (turbo, oxlint, changeset, pnpm, node, …), having got it ready first:
 *
 *   node tooling/run.mjs <command> [args]
 *
 * It ends as the command ends. Runs on the machine's own Node, see prepare.mjs.
 */

import { constants } from "node:os";
import { start } from "./setup/child.mjs";
import { giveUp, prepare } from "./setup/prepare.mjs";

const [command = "node", ...args] = process.argv.slice(2);

try {
  const here = await prepare({ dependencies: command !== "pnpm" });
  const child = start(command, args, { ...here, stdio: "inherit" });
  // Ctrl-C reaches the command by itself: this process has only to outlive it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", (signal) => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
} catch (error) {
  giveUp(error);
}
