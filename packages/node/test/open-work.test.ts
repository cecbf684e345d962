import { describe, expect, it } from "vitest";
import { countOf, run } from "./child.ts";

describe("DX-4 open work at the end of a process", () => {
  it("DX-4 a stuck group is reported with its tree on stderr, without what has ended", async () => {
    const { stderr, stdout } = await run("open-work", "stuck group");
    const lines = stderr.trimEnd().split("\n");
    const places = ["outer", "middle", "inner", "stuck-member"].map((name) =>
      lines.findIndex((line) => line.includes(name)),
    );
    expect(places[0]).toBeGreaterThan(0);
    expect(places).toEqual(places.map((_, i) => (places[0] as number) + i));
    expect(stderr).not.toContain("ended-before");
    expect(stdout).toBe("exit 0\n");
  });

  it("DX-4 the report comes once", async () => {
    const { stderr } = await run("open-work", "stuck group");
    expect(countOf("stuck-member", stderr)).toBe(1);
  });

  it.each([
    ["stuck body", ["bodily"]],
    ["stuck open group", ["opened", "left-alone"]],
    ["stuck detached", ["lonely"]],
    ["stuck deadline", ["patience"]],
    ["two stuck groups", ["first", "second"]],
    ["one after another", ["later"]],
  ])("DX-4 names what is open: %s", async (name, expected) => {
    const { stderr } = await run("open-work", name);
    for (const part of expected) expect(countOf(part, stderr)).toBe(1);
    expect(stderr).not.toContain("earlier");
  });

  it("DX-4 a module that awaits a stuck group at its top level is told about it too", async () => {
    const { code, stderr } = await run("unsettled");
    expect(stderr).toContain("awaited-by-the-module");
    expect(stderr).toContain("stuck-member");
    expect(code).toBe(13); // Node's own code for that
  });

  it("DX-4 nothing is reported when all has ended", async () => {
    const { code, stdout, stderr } = await run("open-work", "all ended");
    expect([code, stdout, stderr]).toEqual([0, "done\nexit 0\n", ""]);
  });

  it("DX-4 a process that exits on purpose isn't kept or changed", async () => {
    const { code, stdout } = await run("open-work", "exits itself");
    expect([code, stdout]).toEqual([4, "exit 4\n"]);
  });
});

describe("RT-3 timers and the life of the process", () => {
  it("RT-3 a sleep keeps the process alive", async () => {
    const { code, stdout, stderr } = await run("open-work", "sleeping");
    expect([code, stdout, stderr]).toEqual([0, "slept\nmember slept\nexit 0\n", ""]);
  });

  it("RT-3 a deadline keeps the process alive while its block is open", async () => {
    const { stdout, stderr } = await run("open-work", "deadlines");
    expect(stdout).toBe(
      "group TimeoutError\nfailAfter TimeoutError\ndetach TimeoutError\nabandoned AbandonedError\nall woke\nexit 0\n",
    );
    // The abandoned member is still open.
    expect(countOf("Cohort", stderr)).toBe(1);
  });

  it("RT-3 a grace timer doesn't keep the process alive, and the straggler is reported as open work", async () => {
    const { code, stdout, stderr } = await run("open-work", "grace doesn't hold");
    expect([code, stdout]).toEqual([0, "exit 0\n"]);
    expect(stderr).toContain("deaf-member");
  });

  it("CA-8 stragglers are named in a process warning after the grace", async () => {
    const { stdout } = await run("open-work", "grace reports");
    expect(stdout).toMatch(
      /^CohortWarning: still running \d+ ms after .*"slow" was cancelled .*: slow > deaf-member \(\d+ ms old\)\nover\nexit 0\n$/,
    );
  });

  it("CA-9 no timer is left when the blocks have ended", async () => {
    const { stdout, stderr } = await run("open-work", "timers are gone");
    expect([stdout, stderr]).toEqual(["0\nexit 0\n", ""]);
  });
});
