import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

/** The page as it is deployed, built into a folder of its own that is removed when it is disposed of. */
export async function buildPage(): Promise<AsyncDisposable & { readonly files: string }> {
  const files = await mkdtemp(join(tmpdir(), "cohort-playground-"));
  // Vitest's own NODE_ENV would give the development builds of what is bundled.
  const mode = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    const root = join(import.meta.dirname, "../..");
    await build({ root, mode: "production", logLevel: "error", build: { outDir: files, emptyOutDir: true } });
  } finally {
    if (mode === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = mode;
  }
  return { files, [Symbol.asyncDispose]: () => rm(files, { recursive: true, force: true }) };
}
