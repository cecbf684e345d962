import { constants } from "node:os";
import { start } from "./child.mjs";

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs the command that all of this was for, and ends as it ends: its exit code, or the signal that ended it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("./child.mjs").Place} place
 * @returns {Promise<void>}
 */
export async function runLast(command, args, place) {
  const child = start(command, args, { ...place, stdio: "inherit" });
  for (const signal of forwarded) process.on(signal, forward);
  const { code, signal } = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  for (const name of forwarded) process.off(name, forward);

  process.exitCode = code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
  if (signal) process.kill(process.pid, signal);

  /** @param {NodeJS.Signals} signal */
  function forward(signal) {
    // A terminal's Ctrl-C has reached the child already, and a second one may mean "at once" to it.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  }
}
