import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "./setup/child.mjs";
import { environment } from "./setup/environment.mjs";

const root = join(import.meta.dirname, "..");

/** For whom programs are written: the package whose reader they have, and what their platform has. */
export interface Reader {
  readonly package: string;
  readonly lib: readonly string[];
  readonly types: readonly string[];
}

/**
 * What TypeScript says under `strict` of programs in documentation, as their reader's would: each is a module of its own,
 * and the packages are the sources. Empty if nothing.
 */
export async function typeErrors(programs: Readonly<Record<string, string>>, reader: Reader): Promise<string> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), "cohort-types-")));
  try {
    const room = join(root, "packages", reader.package);
    for (const [name, code] of Object.entries(programs)) await writeFile(join(scratch, name), code);
    const compilerOptions = {
      strict: true,
      target: "es2024",
      module: "esnext",
      moduleResolution: "bundler",
      moduleDetection: "force",
      lib: reader.lib,
      types: reader.types,
      typeRoots: [join(room, "node_modules/@types"), join(room, "node_modules"), join(root, "node_modules/@types")],
      customConditions: ["@cohort/source"],
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
      paths: {
        [`@cohort/${reader.package}`]: [join(room, "src/index.ts")],
        "@cohort/*": [join(root, "packages/*/src/index.ts")],
      },
    };
    await writeFile(join(scratch, "tsconfig.json"), JSON.stringify({ compilerOptions, files: Object.keys(programs) }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const place = { cwd: scratch, env: environment(root) };
    const { ok, output } = await capture(process.execPath, [tsc, "-p", scratch, "--pretty", "false"], place);
    return ok ? "" : output;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
