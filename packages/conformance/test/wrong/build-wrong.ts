import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { ConformanceTarget } from "../../src/target.ts";
import type { WrongImplementation } from "./wrong-implementation.ts";

const packages = join(import.meta.dirname, "../../..");

/** The target of an adapter, or that of reference, as it is or with one thing wrong. */
export async function buildTarget(
  wrong?: WrongImplementation,
  adapter: WrongImplementation["adapter"] = wrong?.adapter,
): Promise<ConformanceTarget> {
  const reference = join(import.meta.dirname, "../reference-target.ts");
  const { outputFiles } = await build({
    // By path: no package of this workspace depends on the other.
    entryPoints: [adapter === undefined ? reference : join(packages, adapter, "test/conformance-target.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    conditions: ["@cohort/source"],
    write: false,
    plugins:
      wrong === undefined
        ? []
        : [
            {
              name: "wrong",
              setup(bundler) {
                bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
                  if (path !== join(packages, adapter ?? "core", "src", wrong.file)) return undefined;
                  return { contents: replaceOnce(await readFile(path, "utf8"), wrong), loader: "ts" };
                });
              },
            },
          ],
  });
  // A module of its own for each: what one keeps for its whole module, another must not see.
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const module = (await import(`data:text/javascript;base64,${code}`)) as { default: ConformanceTarget };
  return module.default;
}

/** Core has moved on if the text isn't there any more: the wrong implementation has to follow. */
function replaceOnce(source: string, { name, file, find, replace }: WrongImplementation): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`"${name}": its text occurs ${parts.length - 1} times in ${file}`);
  return parts.join(replace);
}
