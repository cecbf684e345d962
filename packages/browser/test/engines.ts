import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missed } from "./missed.ts";

/** The part of the suite's runtimes that opens a browser without any automation, which would change what it does. */
interface Runtime {
  find(search: { env: NodeJS.ProcessEnv; from: readonly string[]; node: string }): Promise<string | undefined>;
  run(
    executable: string,
    script: { code: string; directory: string; mark: string },
    receive: (message: unknown) => void,
    signal: AbortSignal,
  ): Promise<unknown>;
}

/** A browser that is on this machine. */
export interface Engine {
  readonly name: string;
  /** Opens a page while `during` runs. */
  visit(url: string, during: () => Promise<void>): Promise<void>;
}

/** Looks for a browser; undefined for one that isn't here and needn't be. */
export async function findEngine(name: "firefox" | "webkit"): Promise<Engine | undefined> {
  // By path: that package shows them to nobody.
  const module = new URL(`../../conformance/src/runtimes/${name}.ts`, import.meta.url).href;
  const { [name]: runtime } = (await import(module)) as Record<string, Runtime>;
  const search = { env: process.env, from: [import.meta.dirname], node: process.execPath };
  const executable = await runtime?.find(search);
  if (runtime === undefined || executable === undefined) {
    missed(name, "it isn't installed");
    return undefined;
  }
  return {
    name,
    async visit(url, during) {
      const directory = await mkdtemp(join(tmpdir(), `cohort-browser-${name}-`));
      const end = new AbortController();
      const script = { code: `location.replace(${JSON.stringify(url)});`, directory, mark: `/${randomUUID()}` };
      const running = runtime.run(executable, script, () => {}, end.signal);
      try {
        await during();
      } finally {
        end.abort();
        await running;
        await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      }
    },
  };
}
