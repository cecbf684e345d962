import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { describe, expect, it, vi } from "vitest";

// Starting a process can take seconds on a busy machine. No test here measures time.
vi.setConfig({ testTimeout: 60_000 });

const text = await readFile(join(import.meta.dirname, "../../../docs/cooperating-tasks.md"), "utf8");

/** The programs on the page, with the heading that each stands under. */
const programs = text.split(/^## /m).flatMap((section) => {
  const [heading = ""] = section.split("\n", 1);
  return Array.from(
    section.matchAll(/^```ts\n(.*?)^```$/gms),
    ([, code = ""], index) => [`${heading} (${index + 1})`, code] as const,
  );
});

/** Before the program: time is virtual, and what it leaves behind fails it. */
const HEAD = `import { runtime as __runtime } from "@cohort/node";
import { useVirtualTime as __use } from "@cohort/testing";
const __clock = __use(__runtime);
`;

async function run(program: string): Promise<readonly [code: number, stdout: string, stderr: string]> {
  const { code } = await transform(`${HEAD}${program}\nawait __clock.close();`, { loader: "ts", target: "es2022" });
  const flags = ["--conditions=@cohort/source", "--disable-warning=ExperimentalWarning", "--input-type=module"];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [...flags, "-"], { cwd: join(import.meta.dirname, ".."), env });
  child.stdin.end(code);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  const [exitCode] = (await once(child, "close")) as [number];
  return [exitCode, stdout, stderr];
}

describe("the programs in docs/cooperating-tasks.md print what they say", () => {
  it.each(programs)("%s", async (_, program) => {
    const said = Array.from(program.matchAll(/^\/\/ (.*)$/gm), ([, line]) => line);
    expect(said.length).toBeGreaterThan(0);
    const [code, stdout, stderr] = await run(program);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n")).toEqual(said);
  });
});
