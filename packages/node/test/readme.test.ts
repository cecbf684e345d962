import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child } from "./child.ts";

const packages = join(import.meta.dirname, "../..");

/** The programs in a package's README, as they stand there. */
async function programsIn(name: string): Promise<readonly string[]> {
  const text = await readFile(join(packages, name, "README.md"), "utf8");
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code);
}

describe.each(["core", "universal", "node", "testing"])("the README of @cohort/%s", (name) => {
  it("has a program that runs, and prints what its comment says", async () => {
    const [program = "", ...more] = await programsIn(name);
    expect(more).toEqual([]);
    const said = Array.from(program.matchAll(/(?:; |^)\/\/ (.*)$/gm), ([, line]) => line);
    expect(said.length).toBeGreaterThan(0);
    const flags = [
      "--conditions=@cohort/source",
      "--disable-warning=ExperimentalWarning",
      "--input-type=module-typescript",
    ];
    const { code, stdout, stderr } = await new Child([...flags, "-"], { cwd: join(packages, name), input: program })
      .ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n")).toEqual(said);
  });

  it("names everything that the package exports", async () => {
    const text = await readFile(join(packages, name, "README.md"), "utf8");
    const module = (await import(join(packages, name, "src/index.ts"))) as object;
    const unnamed = Object.keys(module).filter((key) => !text.includes(key));
    // The error classes stand in core's README; the runtime and its adapter are for tools.
    const elsewhere =
      /^(adapter|runtime|BaseException.*|DisconnectedError|InvalidStateError|KeyboardInterrupt|SystemExit)$/;
    expect(unnamed.filter((key) => name === "core" || !elsewhere.test(key))).toEqual([]);
  });
});
