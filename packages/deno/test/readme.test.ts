import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as deno from "@cohort/deno";
import { Child, lacksDeno } from "./child.ts";

const room = join(import.meta.dirname, "..");
const text = await readFile(join(room, "README.md"), "utf8");

describe("the README of @cohort/deno", () => {
  it.skipIf(lacksDeno !== "")("has a program that runs, and prints what its comment says", async () => {
    const [, program = ""] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
    const said = Array.from(program.matchAll(/^\/\/ (.*)$/gm), ([, line]) => line);
    expect(said.length).toBeGreaterThan(0);
    await using child = new Child(
      ["run", "--no-lock", "--allow-read", "--conditions=@cohort/source", "--ext=ts", "-"],
      { cwd: room, input: program },
    );
    const { code, stdout, stderr } = await child.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n")).toEqual(said);
  });

  it("names everything that the package exports", () => {
    // The error classes stand in core's README; the runtime and its adapter are for tools.
    const elsewhere = /^(adapter|runtime|BaseException.*|InvalidStateError|KeyboardInterrupt|SystemExit)$/;
    expect(Object.keys(deno).filter((key) => !text.includes(key) && !elsewhere.test(key))).toEqual([]);
  });
});
