import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownFailures } from "../known-failures.ts";
import type { Report } from "../report.ts";
import { bundleFor } from "./bundle.ts";
import { Collector } from "./collector.ts";
import type { Compatibility, HostRuntime } from "./host-runtime.ts";
import type { Message } from "./message.ts";

/** What is to be run in a runtime. */
export interface Errand {
  /** The path of the implementation's module, absolute. */
  readonly implementation: string;
  /** How it is called in messages. */
  readonly file: string;
  readonly only: readonly string[];
  readonly known: KnownFailures;
  /** Of a Worker; other runtimes don't look at it. */
  readonly compatibility?: Compatibility | undefined;
  /** So long may a runtime be silent before it is given up, in ms. */
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly onMessage?: ((message: Message) => void) | undefined;
}

/**
 * Carries the suite and an implementation into a runtime, and brings the report out. One that dies or hangs gives a report
 * that says so. Rejects with a RefusedError for an implementation that is none, and with the signal's reason.
 */
export async function runIn(runtime: HostRuntime, executable: string, errand: Errand): Promise<Report> {
  const { implementation, file, only, known, patience, signal, onMessage } = errand;
  const { compatibility = { date: undefined, flags: [] } } = errand;
  signal.throwIfAborted();
  // Nobody else on this machine knows it, so what comes under it is the suite's.
  const mark = `/${randomUUID()}/`;
  const identity = await runtime.identify?.(executable, compatibility);
  const code = await bundleFor(runtime, implementation, mark, { file, only, known, runtime: identity });
  const directory = await mkdtemp(join(tmpdir(), `cohort-conformance-${runtime.name}-`));
  const collector = new Collector(runtime.name, file, patience, onMessage);
  const end = new AbortController();
  const aborted = (): void => {
    collector.stop(signal.reason);
  };
  signal.addEventListener("abort", aborted);
  try {
    const script = { code, directory, mark, compatibility };
    const running = runtime
      .run(executable, script, (message) => collector.receive(message), end.signal)
      .then(
        (ending) => {
          collector.ended(ending);
          return ending;
        },
        (error: unknown) => {
          collector.stop(error);
          return undefined;
        },
      );
    try {
      await collector.done;
    } finally {
      end.abort();
      const ending = await running;
      collector.addTail(ending?.tail);
    }
    return collector.report();
  } finally {
    signal.removeEventListener("abort", aborted);
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
