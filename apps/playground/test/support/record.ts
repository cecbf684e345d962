import type { RunEvent } from "../../src/recording/event.ts";
import { execute } from "../../src/run/execute.ts";
import { loadProgram, type PublishModule } from "../../src/run/load-program.ts";

let published = 0;

/** Node imports no blobs. Each text gets a URL of its own: a module that was imported before would not run again. */
export const publishData: PublishModule = (text) => ({
  url: `data:text/javascript;base64,${Buffer.from(text).toString("base64")}#${++published}`,
  revoke() {},
});

export interface RecordOptions {
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Is told of each event as it happens. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Runs a program's text in virtual time, as the worker does, and gives what it told. */
export async function record(source: string, options: RecordOptions = {}): Promise<RunEvent[]> {
  const { seed, signal = new AbortController().signal, onEvent } = options;
  const events: RunEvent[] = [];
  await execute(() => loadProgram(source, publishData), {
    mode: "virtual",
    seed,
    signal,
    emit(event) {
      events.push(event);
      onEvent?.(event);
    },
  });
  return events;
}
