import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsup";

/** One of the Workers in `programs` in one module, as wrangler bundles it. */
export async function bundle(program: string): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "cohort-worker-"));
  try {
    await build({
      config: false,
      silent: true,
      entry: { worker: join(import.meta.dirname, "programs", `${program}.ts`) },
      outDir,
      format: "esm",
      platform: "neutral",
      // Under `nodejs_als` alone there is "node:async_hooks", and no "async_hooks".
      removeNodeProtocol: false,
      target: "es2022",
      noExternal: [/^@cohort\//],
      external: [/^cloudflare:/, /^node:/],
      esbuildOptions(options) {
        options.conditions = ["@cohort/source", "workerd", "worker", "browser"];
      },
    });
    return await readFile(join(outDir, "worker.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
