import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { countOf, program, run } from "./child.ts";

describe("RT-3 main(): exit codes", () => {
  it("RT-3 main gives 0 when the group ends, and the body has run in a group", async () => {
    const { code, stdout, stderr } = await run("main", "ends");
    expect([code, stdout, stderr]).toEqual([0, "value main\ncode 0, exitCode undefined\n", ""]);
  });

  it("RT-3 a body that throws gives 1, after the members have been cancelled and drained", async () => {
    const { code, stdout, stderr } = await run("main", "body throws");
    expect(code).toBe(1);
    expect(stdout).toContain("code 1, exitCode 1");
    expect(stderr).toContain("RangeError: the body's own");
    expect(stderr).toContain("1 sub-exception");
  });

  it("RT-3 a member that fails gives 1, printed with the names of the tasks", async () => {
    const { code, stdout, stderr } = await run("main", "member fails");
    expect(code).toBe(1);
    expect(stdout).toBe("neighbour: cleaning up\nneighbour: cleaned up\ncode 1, exitCode 1\n");
    expect(stderr).toContain("ExceptionGroup");
    expect(stderr).toContain("RangeError: no luck");
    expect(stderr).toContain("main > inner > culprit");
    expect(countOf("no luck", stderr)).toBe(1);
  });

  it("ER-3 a body that throws null gives 1", async () => {
    const { code, stderr } = await run("main", "throws null");
    expect(code).toBe(1);
    expect(stderr).toContain("null");
  });

  it("RT-3 a SystemExit from a member gives its code, after the drain, and prints nothing", async () => {
    const { code, stdout, stderr } = await run("main", "member exits", "3");
    expect([code, stderr]).toEqual([3, ""]);
    expect(stdout).toBe("neighbour: cleaning up\nneighbour: cleaned up\ncode 3, exitCode 3\n");
  });

  it.each([0, 7])("RT-3 a SystemExit(%i) from the body gives that code", async (exitCode) => {
    const { code, stdout, stderr } = await run("main", "body exits", String(exitCode));
    expect([code, stderr]).toEqual([exitCode, ""]);
    expect(stdout).toContain(`code ${exitCode},`);
  });

  it("RT-3 a KeyboardInterrupt from a member gives 130", async () => {
    const { code, stdout, stderr } = await run("main", "member interrupts");
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toContain("neighbour: cleaned up\ncode 130");
  });
});

describe.skipIf(process.platform === "win32")("RT-3 main(): signals", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("RT-3 %s cancels, waits for the cleanup and gives %i", async (signal, expected) => {
    await using child = program("main", "until a signal");
    await child.says("ready");
    const { code, stdout, stderr } = await child.kill(signal).ended;
    expect([code, stderr]).toEqual([expected, ""]);
    expect(stdout).toBe(`ready\nserver: cleaning up\nserver: cleaned up\ncode ${expected}, exitCode ${expected}\n`);
  });

  it("RT-3 a body that swallows the interrupt and ends well still gives 130", async () => {
    await using child = program("main", "swallows the signal");
    await child.says("ready");
    const { code, stdout } = await child.kill("SIGINT").ended;
    expect([code, stdout]).toEqual([130, "ready\ntrue true true\ncode 130, exitCode 130\n"]);
  });

  it("RT-3 a failure in the drain is printed, and the signal's code stays", async () => {
    await using child = program("main", "fails in the drain");
    await child.says("ready");
    const { code, stderr } = await child.kill("SIGINT").ended;
    expect(code).toBe(130);
    expect(stderr).toContain("RangeError: rollback failed");
    expect(stderr).toContain("main > database");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("RT-3 a second signal (%s) exits at once", async (second) => {
    await using child = program("main", "deaf");
    await child.says("ready");
    await child.kill("SIGINT").says("legacy: heard and ignored");
    const { code, signal, stdout } = await child.kill(second).ended;
    expect([130, 143]).toContain(code);
    expect(signal).toBeNull();
    expect(stdout).not.toContain("never cleaned up");
    expect(stdout).not.toContain("code ");
  });

  it("RT-3 with cancelAfter, work that ends in that time isn't cancelled", async () => {
    await using child = program("main", "ends within cancelAfter");
    await child.says("ready");
    const { code, stdout } = await child.kill("SIGTERM").ended;
    expect([code, stdout]).toEqual([143, "ready\nfinished, cancelled: false\ncode 143, exitCode 143\n"]);
  });

  it("RT-3 with cancelAfter, work that doesn't end is cancelled then, and drained", async () => {
    await using child = program("main", "outlives cancelAfter");
    await child.says("ready");
    const { code, stdout } = await child.kill("SIGTERM").ended;
    expect(code).toBe(143);
    expect(stdout.split("\n").slice(1, -2)).toEqual([
      "at the signal, cancelled: false",
      "a turn later, cancelled: false",
      "cancelled in time: true",
      "server: cleaning up",
      "server: cleaned up",
    ]);
  });

  it("RT-3 a second signal within cancelAfter exits at once", async () => {
    await using child = program("main", "waits in cancelAfter");
    await child.says("ready");
    await child.kill("SIGTERM").says("first");
    const { code, stdout } = await child.kill("SIGTERM").ended;
    expect([code, stdout]).toEqual([143, "ready\nfirst\n"]);
  });

  it.each(["SIGHUP", "SIGUSR2"] as const)("RT-3 `signals` chooses: %s gives 128 plus its number", async (signal) => {
    await using child = program("main", "until a signal", signal);
    await child.says("ready");
    const { code, stdout } = await child.kill(signal).ended;
    expect(stdout).toContain("server: cleaned up");
    expect(code).toBe(128 + constants.signals[signal]);
  });

  it("RT-3 `signals` chooses: one that isn't named keeps its default effect", async () => {
    for (const words of [["until a signal", "SIGINT"], ["no signals"]]) {
      await using child = program("main", ...words);
      await child.says("ready");
      const { code, signal, stdout } = await child.kill("SIGTERM").ended;
      expect([code, signal, stdout]).toEqual([null, "SIGTERM", "ready\n"]);
    }
  });

  it("RT-3 nothing of main's listeners is left when it has ended, however it ended", async () => {
    const { code, stdout } = await run("main", "listeners");
    expect(code).toBe(0);
    const counts = new Map(stdout.split("\n").map((line) => line.split(": ") as [string, string]));
    const before = counts.get("before");
    expect(counts.get("during")).not.toBe(before);
    for (const when of ["after", "after a failure", "after an exit"]) expect(counts.get(when)).toBe(before);
  });

  it("RT-3 after main a signal has its default effect again", async () => {
    await using child = program("main", "after the end");
    await child.says("code 0");
    const { code, signal, stdout } = await child.kill("SIGINT").ended;
    expect([code, signal, stdout]).toEqual([null, "SIGINT", "given 0, left undefined\ncode 0, exitCode undefined\n"]);
  });
});

describe.skipIf(process.platform === "win32")("DX-4 main() with nothing left to wake it", () => {
  it("DX-4 main reports the tree and keeps the process alive until its group is done", async () => {
    await using child = program("main", "stuck");
    await child.says("stuck-until-woken");
    expect(child.isRunning).toBe(true);
    const { code, stdout, stderr } = await child.kill("SIGUSR2").ended;
    expect([code, stdout]).toEqual([0, "code 0, exitCode undefined\n"]);
    expect(stderr).not.toContain("finished-long-ago");
  });

  it("DX-4 main reports the tree once", async () => {
    await using child = program("main", "stuck");
    await child.says("stuck-until-woken");
    const { stderr } = await child.kill("SIGUSR2").ended;
    expect(countOf("stuck-until-woken", stderr)).toBe(1);
  });
});
