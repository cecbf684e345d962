/**
 * What one import costs a bundle, minified and gzipped, beside what it should cost and what it may. Two bundlers, since
 * they drop unused code by different means.
 */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

const root = join(import.meta.dirname, "..");

// `target` is where we want to be, `limit` what fails the check: today's size and a little, so that it can only shrink. A
// scope can open whatever can be opened (CO-10), so taskGroup holds every kind of block and every combinator, and the
// classes of errors with them: map adds next to nothing. Without the four combinators it would be 11.9 kB.
const budgets = [
  { names: "taskGroup", from: "@cohort/browser", target: 4500, limit: 15_500 },
  { names: "taskGroup, map", from: "@cohort/browser", target: 5500, limit: 15_550 },
  { names: "*", from: "@cohort/browser", target: 12_000, limit: 23_800 },
  { names: "taskGroup", from: "@cohort/node", target: 4500, limit: 16_000 },
  { names: "ExceptionGroup", from: "@cohort/node", target: 1500, limit: 1500 },
  { names: "sleep", from: "@cohort/node", target: 4500, limit: 4500 },
  { names: "Semaphore", from: "@cohort/node", target: 1900, limit: 2060 },
];

const bundlers = { esbuild: withEsbuild, rollup: withRollup };

const rows = [];
for (const { names, from, target, limit } of budgets) {
  const entry = join(root, from.replace("@cohort", "packages"), "dist/index.js");
  const list = names === "*" ? names : `{ ${names} }`;
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const size = gzipSync(await bundle(`export ${list} from ${JSON.stringify(entry)};`), { level: 9 }).byteLength;
    rows.push({
      export: `${list} from "${from}"`,
      bundler,
      size: kB(size),
      target: kB(target),
      limit: kB(limit),
      verdict: size > limit ? "OVER LIMIT" : size > target ? "over target" : "ok",
    });
  }
}
console.table(rows);
const over = rows.filter(({ verdict }) => verdict !== "ok");
console.log(`${over.length} of ${rows.length} bundles are over target, ${rows.length - over.length} within it`);
process.exitCode = rows.some(({ verdict }) => verdict === "OVER LIMIT") ? 1 : 0;

async function withEsbuild(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

async function withRollup(program: string): Promise<string> {
  const entry = {
    name: "entry",
    resolveId: (id: string) => (id === "entry" ? id : null),
    load: (id: string) => (id === "entry" ? program : null),
  };
  const bundle = await rollup({ input: "entry", external: /^node:/, plugins: [entry, nodeResolve()] });
  const { output } = await bundle.generate({ format: "es" });
  const { code } = await transform(output[0].code, { minify: true, format: "esm", target: "es2022" });
  return code;
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} kB`;
}
