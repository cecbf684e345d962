import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { capture } from "../setup/child.mjs";
import { nodeOfLine, type NodeLine } from "../setup/node.mjs";
import { chromium, runtimeFromNpm } from "../setup/runtimes.mjs";
import { ifHad } from "./if-had.ts";
import { runInPage } from "./page.ts";
import { here, root } from "./repository.ts";
import type { Check } from "./suite.ts";

const examples = join(root, "packages/testing/test/examples");

/** A runner of tests, and how it runs a file. */
interface Runner {
  readonly name: string;
  readonly binding: string;
  readonly command: readonly [string, ...string[]];
}

/**
 * Virtual time as its users get it: the examples of the packed package under each runner that it binds, and a program
 * without any runner in a worker and in a page.
 */
export async function virtualTime(
  project: string,
  nodes: readonly NodeLine[],
  leftOut: string[],
): Promise<readonly Check[]> {
  const had = <T>(name: string, get: () => Promise<T>): Promise<readonly T[]> => ifHad(name, get, leftOut);
  const runners: Runner[] = [];
  for (const line of nodes) {
    for (const { path, version } of await had(`Node ${line}`, () => nodeOfLine(line, root, here.env)))
      runners.push({ name: `node:test on Node ${version}`, binding: "node-test", command: [path, "--test"] });
  }
  for (const path of await had("Bun", () => runtimeFromNpm("bun", root, here.env)))
    runners.push({ name: "bun test", binding: "bun-test", command: [path, "test"] });
  for (const path of await had("Deno", () => runtimeFromNpm("deno", root, here.env)))
    runners.push({ name: "Deno.test", binding: "deno", command: [path, "test", "--no-check", "--allow-env"] });
  const checks = await Promise.all(runners.map((runner) => examplesUnder(runner, project)));

  const hosts: Check[] = [];
  const expected = await expectation(project);
  for (const path of await had("workerd", () => runtimeFromNpm("workerd", root, here.env)))
    hosts.push({ name: "virtual time in workerd", run: async () => expect(await inWorkerd(path, project), expected) });
  for (const path of await had("Chromium", () => chromium(root, here.env)))
    hosts.push({
      name: "virtual time in Chromium",
      run: async () => expect(await inChromium(path, project), expected),
    });
  return [...checks.flat(), ...hosts];
}

async function examplesUnder({ name, binding, command }: Runner, project: string): Promise<readonly Check[]> {
  const directory = join(project, `examples-${name.replaceAll(/\W+/g, "-")}`);
  await mkdir(directory);
  for (const file of ["heartbeat", "runner.example", "leak.example"]) {
    const source = await readFile(join(examples, `${file}.ts`), "utf8");
    const { code } = await transform(source, { loader: "ts", format: "esm", target: "es2022" });
    const bound = code.replace("testing/node-test", `testing/${binding}`).replace("./heartbeat.ts", "./heartbeat.mjs");
    await writeFile(join(directory, `${file.replace("example", "test")}.mjs`), bound);
  }
  // As in CI, where the runners are stricter: bun's `test.only` throws at the reading of it.
  const env = { ...here.env, CI: "true" };
  const run = (file: string) => capture(command[0], [...command.slice(1), `./${file}`], { cwd: directory, env });
  return [
    {
      name: `virtual time under ${name}`,
      async run() {
        const { ok, output } = await run("runner.test.mjs");
        // Each runner has its own words for it; a run that found no test must not pass.
        if (!ok || !/\b(pass 4|4 pass(ed)?)\b/.test(output)) throw new Error(output);
      },
    },
    {
      name: `a task left behind fails its test under ${name}`,
      async run() {
        const { ok, output } = await run("leak.test.mjs");
        if (ok || !output.includes("forgotten (task, running"))
          throw new Error(`it didn't fail as it should:\n${output}`);
      },
    },
  ];
}

/** What Node gives for the portable program, which its own test says is right. */
async function expectation(project: string): Promise<string> {
  const script = await bundle(project, "console.log(JSON.stringify(await portable()));");
  const file = join(project, "portable.mjs");
  await writeFile(file, script);
  const { ok, output } = await capture(process.execPath, [file], { ...here, cwd: project });
  if (!ok || !output.includes('"isRealAgain":true')) throw new Error(output);
  return output.trim();
}

async function inWorkerd(workerd: string, project: string): Promise<string> {
  const directory = join(project, "workerd");
  await mkdir(directory);
  const worker = "export default { async test() { console.log(JSON.stringify(await portable())); } };";
  await writeFile(join(directory, "worker.js"), await bundle(project, worker));
  await cp(join(import.meta.dirname, "worker.capnp"), join(directory, "worker.capnp"));
  const { ok, output } = await capture(workerd, ["test", "worker.capnp"], { ...here, cwd: directory });
  if (!ok) throw new Error(output);
  return output;
}

async function inChromium(browser: string, project: string): Promise<string> {
  const page =
    'const text = await portable().then(JSON.stringify, (error) => error.stack); await fetch("/result", { method: "POST", body: text });';
  return runInPage(browser, await bundle(project, page));
}

/** The portable program with what runs it, over the packages that are installed in the project. */
async function bundle(project: string, program: string): Promise<string> {
  const source = await readFile(join(examples, "portable.ts"), "utf8");
  const { outputFiles } = await build({
    stdin: { contents: `${source}\n${program}`, loader: "ts", resolveDir: project },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

async function expect(output: string, expected: string): Promise<void> {
  if (!output.includes(expected)) throw new Error(`expected ${expected}\nbut it said ${output}`);
}
