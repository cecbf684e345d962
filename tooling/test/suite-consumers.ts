import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { capture } from "../setup/child.mjs";
import { nodeOfLine } from "../setup/node.mjs";
import { runtimeFromNpm } from "../setup/runtimes.mjs";
import { ifHad } from "./if-had.ts";
import { here, root } from "./repository.ts";
import type { Check } from "./suite.ts";

/** The conformance suite as those get it who install it: the program in its README, and the bindings. */
export async function conformanceSuite(project: string, leftOut: string[]): Promise<readonly Check[]> {
  const node = await ifHad("Node 20", () => nodeOfLine(20, root, here.env), leftOut);
  const bun = await ifHad("Bun", () => runtimeFromNpm("bun", root, here.env), leftOut);
  const deno = await ifHad("Deno", () => runtimeFromNpm("deno", root, here.env), leftOut);
  const runs: readonly SuiteRun[] = [
    // Each adapter's own tests run the whole of it on Node.
    ...node.map(({ path }) => ({
      binding: "node-test",
      adapter: "universal",
      only: ["LC-1", "ME-10", "FF"],
      command: [path, "--test", "--test-reporter=tap"] as const,
      skips: "nothing that every host has keeps a value across waits",
    })),
    ...bun.map((path) => ({
      binding: "bun-test",
      adapter: "bun",
      command: [path, "--expose-gc", "test"] as const,
      skips: "bun test takes them for failures of its own",
    })),
    ...deno.map((path) => ({
      binding: "deno",
      adapter: "deno",
      command: [path, "test", "--no-check", "--no-lock", "--allow-all", "--v8-flags=--expose-gc"] as const,
      skips: "the host has no pages",
    })),
  ];
  return [await programOfReadme(project), ...(await Promise.all(runs.map((run) => suiteUnder(run, project))))];
}

/** A run of the suite by somebody's runner of tests, on the adapter that they have installed. */
interface SuiteRun {
  readonly binding: string;
  readonly adapter: string;
  /** Default: the whole suite. */
  readonly only?: readonly string[];
  readonly command: readonly [string, ...string[]];
  /** The reason of one that is skipped. */
  readonly skips: string;
}

async function suiteUnder({ binding, adapter, only, command, skips }: SuiteRun, project: string): Promise<Check> {
  const home = join(project, `suite-${adapter}`);
  await mkdir(home);
  // What the adapter says of itself in its own tests: what it has, and what its runtime hasn't.
  const target = await readFile(join(root, "packages", adapter, "test/conformance-target.ts"), "utf8");
  const { code } = await transform(target, { loader: "ts", format: "esm", target: "esnext" });
  const installed = code.replace("../package.json", `@cohort/${adapter}/package.json`);
  await writeFile(join(home, "conformance-target.mjs"), installed);
  const options = JSON.stringify(only === undefined ? {} : { only });
  await writeFile(
    join(home, "suite.test.mjs"),
    `import { conformance } from "@cohort/conformance/${binding}";
import target from "./conformance-target.mjs";
await conformance(target, ${options});
`,
  );
  return {
    name: `${only === undefined ? "the whole suite" : "the suite"} on @cohort/${adapter} in the tests of somebody: ${binding}`,
    async run() {
      const ids = await idsOf(project, only);
      const env = { ...here.env, NO_COLOR: "1" };
      const [runner, ...flags] = command;
      const { ok, output } = await capture(runner, [...flags, "./suite.test.mjs"], { cwd: home, env });
      if (!ok) throw new Error(output);
      const missing = ids.filter((id) => !output.includes(`${id} `));
      if (missing.length > 0 || ids.length === 0)
        throw new Error(`of ${ids.length} cases ${missing.length} weren't run, such as ${missing[0]}:\n${output}`);
      if (!output.includes(skips)) throw new Error(`no case was skipped because ${skips}:\n${output}`);
    },
  };
}

/** The cases, as the command lists them. */
async function idsOf(project: string, only: readonly string[] = []): Promise<readonly string[]> {
  const command = join(project, "node_modules/.bin/cohort-conformance");
  const args = ["--list", ...(only.length > 0 ? ["--only", only.join(",")] : [])];
  const { ok, stdout, output } = await capture(command, args, { cwd: project, env: { ...here.env, NO_COLOR: "1" } });
  if (!ok) throw new Error(output);
  return Array.from(stdout.matchAll(/^([A-Z]+-\d+\.\S+) /gm), ([, id = ""]) => id);
}

async function programOfReadme(project: string): Promise<Check> {
  const readme = await readFile(join(root, "packages/conformance/README.md"), "utf8");
  const program = /```js\n\/\/ (\S+)\n(.*?)```/s.exec(readme);
  const said = /```sh\nnpx (cohort-conformance .*?)\n```\n\n```text\n(.*?)```/s.exec(readme);
  const [, file = "", code = ""] = program ?? [];
  const [, line = "", text = ""] = said ?? [];
  const directory = join(project, "conformance");
  await mkdir(directory);
  await writeFile(join(directory, file), code);
  return {
    name: "the program in the README of @cohort/conformance gives what it says",
    async run() {
      const command = join(project, "node_modules/.bin/cohort-conformance");
      const [, ...args] = line.split(" ");
      const result = await capture(command, args, { cwd: directory, env: { ...here.env, NO_COLOR: "1" } });
      const seen = result.stdout.replaceAll(/on node [\d.]+/g, "on node").trim();
      const expected = text.replaceAll(/on node [\d.]+/g, "on node").trim();
      if (seen !== expected || expected === "") throw new Error(`it says\n${expected}\nbut gave\n${result.output}`);
    },
  };
}
