// Runs one program, apart from the page: a program that loops for ever is ended with its worker.
import { hideHostTurns } from "./host-turns.ts";
import { errorLine } from "../recording/error-node.ts";
import { isInstance } from "../recording/is-instance.ts";
import { Batch } from "./batch.ts";
import { execute } from "./execute.ts";
import { InvalidProgram } from "./invalid-program.ts";
import { loadProgram } from "./load-program.ts";
import type { Command, Invalid, Report } from "./messages.ts";

hideHostTurns();

globalThis.addEventListener(
  "message",
  ({ ports: [port] }: MessageEvent<unknown>) => {
    if (port !== undefined) serve(port);
  },
  { once: true },
);

function serve(port: MessagePort): void {
  const stop = new AbortController();
  port.onmessage = ({ data }: MessageEvent<Command>) => {
    if (data.kind === "run") void run(data, stop.signal, (report) => port.postMessage(report));
    else stop.abort(new DOMException("the run was cancelled", "AbortError"));
  };
}

async function run(
  { source, mode, seed }: Extract<Command, { kind: "run" }>,
  signal: AbortSignal,
  tell: (report: Report) => void,
): Promise<void> {
  const batch = new Batch((events) => tell({ kind: "events", events }));
  try {
    await execute(() => loadProgram(source), { mode, seed, signal, emit: (event) => batch.add(event) });
    batch.flush();
  } catch (error) {
    batch.flush();
    tell({ kind: "invalid", invalid: invalidFrom(error) });
  }
}

/** Its top level has thrown, if it isn't the program's text that is wrong. */
function invalidFrom(error: unknown): Invalid {
  if (isInstance(error, InvalidProgram)) return { message: error.message, line: error.line, column: error.column };
  return { message: errorLine(error), line: undefined, column: undefined };
}
