import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "tsup";

/** The package in one script, as an application's bundler makes it. It defines the global `cohort`. */
export async function bundle(define: Readonly<Record<string, string>> = {}): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "cohort-bundle-"));
  try {
    await build({
      config: false,
      silent: true,
      entry: { cohort: join(import.meta.dirname, "../src/index.ts") },
      outDir,
      format: "iife",
      globalName: "cohort",
      platform: "neutral",
      target: "es2022",
      noExternal: [/./],
      esbuildOptions(options) {
        options.conditions = ["@cohort/source"];
        options.define = { ...options.define, ...define };
      },
    });
    return await readFile(join(outDir, "cohort.global.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** What browsers and every other modern runtime have, and nothing of Node. */
export function webGlobals() {
  return {
    AbortController,
    AbortSignal,
    clearTimeout,
    console,
    performance,
    setTimeout,
  };
}

/** A JavaScript engine with these globals and no others. */
export class Engine {
  readonly #context: object;

  constructor(globals: object, ...scripts: readonly string[]) {
    this.#context = createContext({ ...globals });
    for (const script of scripts) runInContext(script, this.#context);
  }

  run<T>(code: string): T {
    return runInContext(code, this.#context) as T;
  }
}
