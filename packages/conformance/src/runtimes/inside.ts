import type { KnownFailures } from "../known-failures.ts";
import { runConformance } from "../run-conformance.ts";
import type { ConformanceTarget } from "../target.ts";
import { targetOf } from "../target-of.ts";
import type { HostInfo } from "../this-host.ts";
import type { Message, Send } from "./message.ts";
import { RefusedError } from "../refused-error.ts";
import { thrownLine } from "../thrown-text.ts";

/** What is carried into the runtime along with the suite. */
export interface InsideOptions {
  /** How the implementation's module is called, for whoever reads that it can't be used. */
  readonly file: string;
  readonly only: readonly string[];
  readonly known: KnownFailures;
  /** Where the runtime can't say itself what it is. */
  readonly runtime?: HostInfo | undefined;
}

/** Loads the implementation and runs the suite on it, here in the runtime; tells of everything as it happens. Never rejects. */
export async function runInside(load: () => Promise<object>, send: Send, options: InsideOptions): Promise<void> {
  const { file, only, known, runtime } = options;
  let target: ConformanceTarget;
  try {
    target = targetOf(await load(), file);
  } catch (error) {
    await send({
      refused: error instanceof RefusedError ? error.message : `${file} can't be loaded: ${thrownLine(error)}`,
    });
    return;
  }
  try {
    const { problems } = await runConformance(target, {
      only,
      known,
      runtime,
      onBegin: (begin, cases) =>
        send({ begin, cases: cases.map(({ id, clause, level, title }) => ({ id, clause, level, title })) }),
      onCase: ({ id }) => send({ case: id }),
      onResult: (result) => send({ result }),
    });
    await send({ end: { problems } });
  } catch (error) {
    await send({ refused: error instanceof RefusedError ? error.message : thrownLine(error) });
  }
}

/** Sends by the console, each message a line that begins with the mark: what else is printed isn't taken for one. */
export function byConsole(mark: string): Send {
  // Taken now: a case, or the implementation, may replace it.
  const { log } = console;
  const { stringify } = JSON;
  return (message: Message) => log(mark + stringify(message));
}

/** Sends to the server that the page comes from. */
export function byFetch(path: string): Send {
  const { fetch } = globalThis;
  const { stringify } = JSON;
  return (message: Message) => fetch(path, { method: "POST", body: stringify(message) });
}
