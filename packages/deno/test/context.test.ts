import { describe, expect, it } from "vitest";
import { countOf, lacksDeno, run } from "./child.ts";

describe.skipIf(lacksDeno !== "")("DX-3 currentTask()", () => {
  it("DX-3 is undefined outside any task, and in each its own, across waits", async () => {
    const { stdout, stderr } = await run("context", "asked first");
    const [outside, ...inside] = stdout.trimEnd().split("\n");
    expect([outside, inside.sort(), stderr]).toEqual([
      "outside: undefined",
      [expect.stringMatching(/^a: TaskGroup-\d+ > a$/), expect.stringMatching(/^b: TaskGroup-\d+ > b$/)],
      "",
    ]);
  });

  it("DX-3 asked when tasks run already, it says so once, and knows later ones", async () => {
    const { stdout, stderr } = await run("context", "asked late");
    expect(stdout).toBe("body: undefined\nlate: late\n");
    expect(countOf("@cohort/deno/task-context", stderr)).toBe(1);
  });

  it("DX-3 the entry @cohort/deno/task-context makes it known from the start", async () => {
    const { stdout, stderr } = await run("context-first");
    expect([stdout, stderr]).toEqual(["early\n", ""]);
  });

  it("ME-14 a member runs in the AsyncLocalStorage of its createTask call, whoever frees its slot", async () => {
    const { stdout, stderr } = await run("context", "a store of one's own");
    expect([stdout, stderr]).toEqual(["none 1 2 3\n", ""]);
  });
});
