import { describe, expect, it } from "vitest";
import { countOf, lacksBun, run } from "./child.ts";

describe.skipIf(lacksBun !== "")("DX-4 open work at the end of a process", () => {
  it.each([
    ["stuck group", ["outer", "stuck-member"]],
    ["stuck open group", ["opened", "left-alone"]],
    ["stuck detached", ["lonely"]],
    ["stuck deadline", ["patience"]],
  ])("DX-4 is reported with its tree, once: %s", async (name, expected) => {
    const { code, stdout, stderr } = await run("open-work", name);
    expect([code, stdout]).toEqual([0, "exit\n"]);
    for (const part of expected) expect(countOf(part, stderr)).toBe(1);
    expect(stderr).not.toContain("ended-before");
  });

  it("DX-4 nothing is reported when all has ended", async () => {
    const { code, stdout, stderr } = await run("open-work", "all ended");
    expect([code, stdout, stderr]).toEqual([0, "done\nexit\n", ""]);
  });

  it("DX-4 a process that exits on purpose isn't kept or changed", async () => {
    const { code, stdout } = await run("open-work", "exits itself");
    expect([code, stdout]).toEqual([4, "exit\n"]);
  });
});

describe.skipIf(lacksBun !== "")("RT-6 timers, reports and the life of the process", () => {
  it("RT-6 a sleep keeps the process alive", async () => {
    const { code, stdout, stderr } = await run("open-work", "sleeping");
    expect([code, stdout, stderr]).toEqual([0, "slept\nexit\n", ""]);
  });

  it("RT-6 a grace timer doesn't keep the process alive, and the straggler is reported as open work", async () => {
    const { code, stdout, stderr } = await run("open-work", "grace doesn't hold");
    expect([code, stdout]).toEqual([0, "exit\n"]);
    expect(stderr).toContain("deaf-member");
  });

  it("CA-8 a straggler is named in a warning after the grace", async () => {
    const { stderr } = await run("open-work", "names a straggler");
    expect(stderr).toMatch(/still running \d+ ms after .*"slow" was cancelled .*: slow > deaf-member/);
  });

  it("RT-6 an error that can come out of no block is printed with the path of its task, and ends nothing", async () => {
    const { code, stdout, stderr } = await run("open-work", "reports a second error");
    expect([code, stdout]).toEqual([0, "exit\n"]);
    expect(stderr).toContain("Cohort, in careless > member: RangeError: from a callback");
  });
});
