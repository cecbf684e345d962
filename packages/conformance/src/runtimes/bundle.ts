import { createRequire } from "node:module";
import { dirname } from "node:path";
import { type BuildFailure, build } from "esbuild";
import type { HostRuntime } from "./host-runtime.ts";
import type { InsideOptions } from "./inside.ts";
import { RefusedError } from "../refused-error.ts";

/** The implementation and the suite in one ESM file for a runtime. A RefusedError in one line if that can't be made. */
export async function bundleFor(
  { platform, conditions, program }: HostRuntime,
  implementation: string,
  mark: string,
  options: InsideOptions,
): Promise<string> {
  const contents = `import { byConsole, byFetch, runInside } from "@cohort/conformance/inside";
const load = () => import(${JSON.stringify(implementation)});
const options = ${JSON.stringify(options)};
${program(mark)}`;
  try {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: packageRoot(), sourcefile: "suite.js" },
      bundle: true,
      write: false,
      format: "esm",
      target: "es2022",
      platform,
      mainFields: platform === "node" ? ["module", "main"] : ["browser", "module", "main"],
      conditions: [...conditions, ...ownConditions()],
      external: ["node:*", "bun:*", "cloudflare:*", "npm:*", "jsr:*"],
      banner: platform === "node" ? { js: requireFor(implementation) } : {},
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    const { file, line } = first.location ?? {};
    const where = file === undefined || file === "suite.js" ? "" : `${file}:${line}: `;
    throw new RefusedError(`${options.file} can't be used: ${where}${first.text}`, { cause: error });
  }
}

/** What a CommonJS package that went into the bundle asks its host for. */
function requireFor(implementation: string): string {
  return `import { createRequire as __createRequire } from "node:module";
var require = __createRequire(${JSON.stringify(implementation)});`;
}

function packageRoot(): string {
  return dirname(createRequire(import.meta.url).resolve("@cohort/conformance/package.json"));
}

/** Whoever starts Node with conditions of their own wants an implementation to be found under them, too. */
function ownConditions(): string[] {
  const given = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];
  return given.flatMap((flag, at) => {
    if (flag === "-C" || flag === "--conditions") return given[at + 1] ?? [];
    return /^--conditions=(.+)$/.exec(flag)?.[1] ?? [];
  });
}
