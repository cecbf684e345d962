import { execFile } from "node:child_process";
import { globSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, describe, expect, it, vi } from "vitest";
import { caseOf } from "../src/case.ts";
import { testsOf } from "../src/bindings/tests-of.ts";
import { bun } from "../src/runtimes/bun.ts";
import { deno } from "../src/runtimes/deno.ts";
import { options } from "./implementations/bound.ts";
import { plain } from "./implementations/plain.ts";

// Starting a process can take seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const room = realpathSync(mkdtempSync(join(tmpdir(), "cohort-bindings-")));
afterAll(() => rmSync(room, { recursive: true, force: true }));

// What the repository's own tooling has fetched is found as packages are.
const fetched = globSync(join(import.meta.dirname, "../../../.tools/{bun,deno}-*"));
const search = { env: process.env, from: fetched, node: process.execPath };
const runners = [
  ["node-test", process.execPath, ["--test", "--test-reporter=tap"]],
  ["bun-test", await bun.find(search), ["test"]],
  ["deno", await deno.find(search), ["test", "--no-check", "--allow-env"]],
] as const;

/** The example of the bindings' documentation, with the cases in a file beside the implementations. */
async function example(binding: string, cases: "bound" | "unheard" = "bound"): Promise<string> {
  const contents = `import { conformance } from "./src/bindings/${binding}.ts";
import { options } from "./test/implementations/${cases}.ts";
import { plain } from "./test/implementations/plain.ts";
await conformance(plain(), options);`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, ".."), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@cohort/source"],
    external: ["node:*", "bun:*"],
  });
  const file = join(room, `${binding}-${cases}.test.mjs`);
  writeFileSync(file, outputFiles[0]?.text ?? "");
  return file;
}

function output(command: string, args: readonly string[]): Promise<readonly [isOk: boolean, text: string]> {
  // A runner in a runner would report to it; and colours come between the words.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, FORCE_COLOR: ___, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(command, args, { cwd: room, env: { ...env, NO_COLOR: "1" } }, (error, stdout, stderr) =>
      resolve([error === null, stdout + stderr]),
    );
  });
}

/** What each runner says of one that passed, one that failed and three that it skipped. */
const SUMS: Readonly<Record<string, RegExp>> = {
  "node-test": /# pass 1\n# fail 1\n[^]*# skipped 3\n/,
  "bun-test": / 1 pass\n 3 skip\n 1 fail\n/,
  deno: /1 passed[^|]*\| 1 failed \| 3 ignored/,
};

describe("bindings", () => {
  it.for(runners)("%s: declares a test for each case", async ([name, command, args], { skip }) => {
    if (command === undefined) return skip(`${name}: its runtime isn't found here`);
    const [isOk, text] = await output(command, [...args, await example(name)]);
    expect(isOk).toBe(false);
    expect(text).toMatch(SUMS[name] as RegExp);
    expect(text).toContain("it should be otherwise");
    for (const reason of ["not yet", "plain has no Semaphore", "nothing to see"]) expect(text).toContain(reason);
  });

  it("bun-test: skips what makes errors that nobody handles, for they would be failures of its own", async ({
    skip,
  }) => {
    const [, [name, command, args]] = runners;
    if (command === undefined) return skip(`${name}: its runtime isn't found here`);
    const [isOk, text] = await output(command, [...args, await example(name, "unheard")]);
    expect(text).toMatch(/ 0 pass\n 2 skip\n 0 fail\n/);
    expect(isOk).toBe(true);
  });

  it("give the reason for which a case is skipped, and reject with what a case found", async () => {
    const tests = await testsOf(plain(), options);
    const said: unknown[] = [];
    for (const { name, run } of tests) said.push([name, await run().catch((error: Error) => error)]);
    expect(said).toEqual([
      ["LC-1.passes passes", undefined],
      ["LC-1.fails fails", new Error("it should be otherwise")],
      ["LC-1.known fails as it is known to", "not yet\nthis too"],
      ["LC-2.lacking needs a semaphore", "plain has no Semaphore"],
      ["LC-2.skips skips itself", "nothing to see"],
    ]);
  });

  it("begin a case only when the one before has ended, also where a runner has given that up", async () => {
    const log: string[] = [];
    let isHeld = true;
    const cases = [
      caseOf("LC-1", "slow", "takes its time", {}, async ({ clock }) => {
        log.push("slow begins");
        while (isHeld) await clock.settle();
        log.push("slow ends");
      }),
      caseOf("LC-1", "next", "is next", {}, () => void log.push("next begins")),
    ];
    const [slow, next] = await testsOf(plain(), { cases });
    const both = Promise.all([slow?.run(), next?.run()]);
    await vi.waitFor(() => expect(log).toEqual(["slow begins"]));
    isHeld = false;
    await both;
    expect(log).toEqual(["slow begins", "slow ends", "next begins"]);
  });

  it("refuse a target that is none, and a list of known failures that is stale", async () => {
    await expect(testsOf({ ...plain(), api: {} })).rejects.toThrow("needs a function api.taskGroup");
    await expect(testsOf(plain(), { ...options, known: { "LC-9": "gone" } })).rejects.toThrow("there is no such case");
  });
});
