import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as source from "@cohort/node";
import { Child } from "./child.ts";

/** A project that has core, universal and node as they are published: built, and found in node_modules without this workspace. */
let project: string;

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "cohort-built-")));
  for (const name of ["core", "universal", "node"]) {
    const from = join(import.meta.dirname, "../..", name);
    const to = join(project, "node_modules/@cohort", name);
    mkdirSync(to, { recursive: true });
    cpSync(join(from, "package.json"), join(to, "package.json"));
    const tsup = join(import.meta.dirname, "../node_modules/tsup/dist/cli-default.js");
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [tsup, "--no-dts", "--silent", "--out-dir", join(to, "dist")],
      { cwd: from, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  }
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

async function runFile(name: string, text: string) {
  const file = join(project, name);
  writeFileSync(file, text);
  const { code, stdout, stderr } = await new Child([file], { cwd: project }).ended;
  return { code, stdout, stderr };
}

const program = `
main(async (group) => {
  const tasks = ["a", "b"].map((name) => group.createTask(async ({ sleep }) => (await sleep(1), name), { name }));
  group.createTask(() => { throw new RangeError("expected"); }, { name: "culprit" });
  await group.idle();
}).then((code) => console.log(code, typeof taskGroup));
`;

describe("RT-3 the built package", () => {
  it("RT-3 require() works, and has what import has", async () => {
    const { code, stdout, stderr } = await runFile(
      "required.cjs",
      `const cohort = require("@cohort/node");
       import("@cohort/node").then((imported) => {
         const names = (module) => Object.keys(module).filter((name) => name !== "default" && name !== "module.exports" && name !== "__esModule").sort();
         console.log(names(cohort).join() === names(imported).join(), cohort.taskGroup === imported.taskGroup);
         console.log(names(cohort).join());
       });`,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`true true\n${Object.keys(source).sort().join()}\n`);
  });

  it("RT-3 main() works by require() and by import", async () => {
    for (const [file, head] of [
      ["main.cjs", `const { main, taskGroup } = require("@cohort/node");`],
      ["main.mjs", `import { main, taskGroup } from "@cohort/node";`],
    ] as const) {
      const { code, stdout, stderr } = await runFile(file, head + program);
      expect([code, stdout]).toEqual([1, "1 function\n"]);
      expect(stderr).toContain("RangeError: expected");
      expect(stderr).toContain("main > culprit");
    }
  });

  it("DX-3 the entry @cohort/node/task-context works by require(), on the very copy that the main entry uses", async () => {
    const { code, stdout, stderr } = await runFile(
      "context.cjs",
      `require("@cohort/node/task-context");
       const { currentTask, taskGroup } = require("@cohort/node");
       taskGroup(async (group) => {
         group.createTask(async ({ sleep }) => { await sleep(5); console.log(currentTask()?.name); }, { name: "early" });
         group.createTask(({ sleep }) => sleep(1), { name: "other" });
       });`,
    );
    expect([code, stdout, stderr]).toEqual([0, "early\n", ""]);
  });

  it("RT-3 what is built needs nothing but core, universal and Node", async () => {
    const files = readdirSync(join(project, "node_modules/@cohort/node/dist")).filter((name) => name.endsWith(".js"));
    expect(files).toContain("index.js");
    const { code, stderr } = await runFile("bare.mjs", `await import("@cohort/node"); await import("@cohort/core");`);
    expect([code, stderr]).toEqual([0, ""]);
  });
});
