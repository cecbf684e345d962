import { pageScope, taskGroup } from "@cohort/browser";
import type { RunEvent } from "../recording/event.ts";
import type { Mode } from "./execute.ts";
import type { Command, Invalid, Report } from "./messages.ts";

export type { Mode } from "./execute.ts";

/** How a run ended. "invalid": the program couldn't be run, and there are no events that tell of an end. */
export type RunEnd =
  | { readonly state: "done" | "failed" | "cancelled" | "killed" }
  | ({ readonly state: "invalid" } & Invalid);

export interface RunOptions {
  readonly mode: Mode;
  /** In virtual time: a whole number that shuffles what could run at the same moment. */
  readonly seed?: number | undefined;
  /** Cancels the program's task group; the run ends when that has drained, which may be never. */
  readonly signal: AbortSignal;
  /** Ends the worker, whatever it does: for a program that loops, or never drains. */
  readonly kill?: AbortSignal | undefined;
  /** Takes the events as they come, some at a time, in order. The last is a "finish", unless the program is invalid. */
  onEvents(events: readonly RunEvent[]): void;
}

/**
 * Runs a program in a worker of its own, which is gone when this resolves. It never rejects because of the program. It is
 * part of the page: leaving the page cancels it and rejects with the reason, the back/forward cache doesn't.
 */
export function runProgram(source: string, options: RunOptions): Promise<RunEnd> {
  return taskGroup({ name: "run", parent: pageScope(), grace: Infinity }, async (run) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "program" });
    const { port1: port, port2: ofWorker } = new MessageChannel();
    const stops: (() => void)[] = [];
    try {
      return await new Promise<RunEnd>((resolve, reject) => {
        const tell = (command: Command): void => port.postMessage(command);
        let at = 0;
        port.onmessage = ({ data }: MessageEvent<Report>) => {
          try {
            if (data.kind === "invalid") return resolve({ state: "invalid", ...data.invalid });
            const last = data.events.at(-1);
            at = last?.at ?? at;
            options.onEvents(data.events);
            if (last?.kind === "finish") resolve({ state: last.state });
          } catch (error) {
            reject(error);
          }
        };
        worker.addEventListener("error", (event) => {
          event.preventDefault();
          reject(new Error(`the program's worker failed: ${event.message ?? "it couldn't be loaded"}`));
        });
        worker.postMessage(undefined, [ofWorker]);
        tell({ kind: "run", source, mode: options.mode, seed: options.seed });
        const cancel = (): void => tell({ kind: "cancel" });
        stops.push(run.onCancel(cancel), onAbort(options.signal, cancel));
        if (options.kill !== undefined)
          stops.push(
            onAbort(options.kill, () => {
              options.onEvents([{ kind: "finish", at, state: "killed" }]);
              resolve({ state: "killed" });
            }),
          );
      });
    } finally {
      for (const stop of stops) stop();
      port.close();
      worker.terminate();
    }
  });
}

/** Calls back when the signal is aborted, or now if it is; returns what takes that back. */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}
