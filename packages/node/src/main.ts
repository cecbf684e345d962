import { constants } from "node:os";
import { formatException, KeyboardInterrupt, SystemExit, type TaskGroup } from "@cohort/core";
import { taskGroup } from "./functions.ts";
import { holdProcess } from "./open-work.ts";

export interface MainOptions {
  /** The signals that cancel the program. Default: SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Ms from the signal to the cancellation, for work that ends by itself in that time. Default: 0. */
  readonly cancelAfter?: number | undefined;
}

/**
 * Runs a program as one task group and gives its exit code, which is also set as `process.exitCode` (RT-3). It never
 * rejects: what fails is printed with the name of each task, and gives 1. A signal cancels the group and gives 128 plus
 * its number when all has drained; a second one exits at once. A `SystemExit` gives its code. asyncio: run().
 *
 * @example
 * ```ts
 * await main(async (group) => {
 *   group.createTask(({ signal }) => serve(8080, { signal }), { name: "http" });
 * });
 * ```
 */
export async function main(body: (group: TaskGroup) => unknown, options: MainOptions = {}): Promise<number> {
  const { signals = ["SIGINT", "SIGTERM"], cancelAfter = 0 } = options;
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  let timer: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) process.exit(codeOf(received));
    received = signal;
    const reason = signal === "SIGINT" ? new KeyboardInterrupt(signal) : new SystemExit(codeOf(signal));
    if (cancelAfter > 0) timer = setTimeout(() => controller.abort(reason), cancelAfter);
    else controller.abort(reason);
  };
  const release = holdProcess();
  let code: number;
  try {
    // Within the try: SIGKILL can't be listened to, and says so.
    for (const signal of signals) process.on(signal, onSignal);
    await taskGroup({ name: "main", signal: controller.signal }, body);
    code = received === undefined ? 0 : codeOf(received);
  } catch (error) {
    code = failed(error, received);
  } finally {
    clearTimeout(timer);
    release();
    for (const signal of signals) process.off(signal, onSignal);
  }
  // A body that set an exit code of its own meant it.
  if (code !== 0) process.exitCode = code;
  return code === 0 ? Number(process.exitCode ?? 0) : code;
}

/** The exit code for what the group ended with. Prints it, if it is more than the answer to a signal. */
function failed(error: unknown, received: NodeJS.Signals | undefined): number {
  if (error instanceof SystemExit && Number.isInteger(error.exitCode)) return error.exitCode;
  if (error instanceof KeyboardInterrupt) return received === undefined ? 130 : codeOf(received);
  process.stderr.write(`${formatException(error, { colour: process.stderr.hasColors?.() === true })}\n`);
  return received === undefined ? 1 : codeOf(received);
}

function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
