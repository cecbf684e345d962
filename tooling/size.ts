/**
 * What one import costs a bundle, minified and gzipped, against its budget. Two bundlers, since they drop unused code
 * by different means.
 */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

const root = join(import.meta.dirname, "..");

const budgets = [
  { name: "taskGroup", from: "@cohort/node", bytes: 4500 },
  { name: "ExceptionGroup", from: "@cohort/node", bytes: 1500 },
];

const bundlers = { esbuild: withEsbuild, rollup: withRollup };

const rows = [];
for (const { name, from, bytes } of budgets) {
  const entry = join(root, from.replace("@cohort", "packages"), "dist/index.js");
  for (const [bundler, bundle] of Object.entries(bundlers)) {
    const size = gzipSync(await bundle(`export { ${name} } from ${JSON.stringify(entry)};`), { level: 9 }).byteLength;
    rows.push({ import: `{ ${name} } from "${from}"`, bundler, size: kB(size), budget: kB(bytes), ok: size <= bytes });
  }
}
console.table(rows);
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

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
