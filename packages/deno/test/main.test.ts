import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { countOf, lacksDeno, program, run } from "./child.ts";

describe.skipIf(lacksDeno !== "")("RT-6 main(): exit codes", () => {
  it("RT-6 main gives 0 when the group ends, and the body has run in a group", async () => {
    const { code, stdout, stderr } = await run("main", "ends");
    expect([code, stdout, stderr]).toEqual([0, "value main\ncode 0, exitCode 0\n", ""]);
  });

  it("RT-6 an exit code that the body has set stays", async () => {
    const { code, stdout } = await run("main", "sets a code");
    expect([code, stdout]).toEqual([9, "code 9, exitCode 9\n"]);
  });

  it("RT-6 a member that fails gives 1, printed with the names of the tasks", async () => {
    const { code, stdout, stderr } = await run("main", "member fails");
    expect(code).toBe(1);
    expect(stdout).toBe("neighbour: cleaning up\nneighbour: cleaned up\ncode 1, exitCode 1\n");
    expect(stderr).toContain("ExceptionGroup: unhandled errors in TaskGroup");
    expect(stderr).toContain("main > inner > culprit");
    expect(countOf("no luck", stderr)).toBe(1);
  });

  it("ER-3 a body that throws null gives 1", async () => {
    const { code, stderr } = await run("main", "throws null");
    expect([code, stderr]).toEqual([1, expect.stringContaining("null")]);
  });

  it("RT-6 a SystemExit from a member gives its code, after the drain, and prints nothing", async () => {
    const { code, stdout, stderr } = await run("main", "member exits", "3");
    expect([code, stderr]).toEqual([3, ""]);
    expect(stdout).toBe("neighbour: cleaning up\nneighbour: cleaned up\ncode 3, exitCode 3\n");
  });

  it("RT-6 a KeyboardInterrupt from a member gives 130", async () => {
    const { code, stderr } = await run("main", "member interrupts");
    expect([code, stderr]).toEqual([130, ""]);
  });
});

describe.skipIf(lacksDeno !== "")("RT-6 main(): a standard error that takes nothing", () => {
  it("RT-6 a program that closed it gives its exit code all the same", async () => {
    const { code, stdout } = await run("stderr", "closed");
    expect([code, stdout]).toEqual([1, "code 1, exitCode 1\n"]);
  });

  it.skipIf(process.platform === "win32")("RT-6 a pipe whose reader has gone doesn't stop the program", async () => {
    await using child = program("stderr", "nobody reads");
    await child.says("ready");
    const { code, stdout } = await (await child.stopReadingErrors()).kill("SIGUSR2").ended;
    expect([code, stdout]).toEqual([1, "ready\ncode 1, exitCode 1\n"]);
  });
});

describe.skipIf(lacksDeno !== "" || process.platform === "win32")("RT-6 main(): signals", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("RT-6 %s cancels, waits for the cleanup and gives %i", async (signal, expected) => {
    await using child = program("main", "until a signal");
    await child.says("ready");
    const { code, stdout, stderr } = await child.kill(signal).ended;
    expect([code, stderr]).toEqual([expected, ""]);
    expect(stdout).toBe(`ready\nserver: cleaning up\nserver: cleaned up\ncode ${expected}, exitCode ${expected}\n`);
  });

  it("RT-6 a failure in the drain is printed, and the signal's code stays", async () => {
    await using child = program("main", "fails in the drain");
    await child.says("ready");
    const { code, stderr } = await child.kill("SIGINT").ended;
    expect(code).toBe(130);
    expect(stderr).toContain("RangeError: rollback failed");
    expect(stderr).toContain("main > database");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("RT-6 a second signal (%s) exits at once", async (second) => {
    await using child = program("main", "deaf");
    await child.says("ready");
    await child.kill("SIGINT").says("legacy: heard and ignored");
    const { code, signal, stdout } = await child.kill(second).ended;
    expect([code, signal]).toEqual([130, null]);
    expect(stdout).not.toContain("never cleaned up");
    expect(stdout).not.toContain("code ");
  });

  it("RT-6 with cancelAfter, work that ends in that time isn't cancelled", async () => {
    await using child = program("main", "ends within cancelAfter");
    await child.says("ready");
    const { code, stdout } = await child.kill("SIGTERM").ended;
    expect([code, stdout]).toEqual([143, "ready\nfinished, cancelled: false\ncode 143, exitCode 143\n"]);
  });

  it("RT-6 with cancelAfter, work that doesn't end is cancelled then, and drained", async () => {
    await using child = program("main", "outlives cancelAfter");
    await child.says("ready");
    const { code, stdout } = await child.kill("SIGTERM").ended;
    expect(code).toBe(143);
    expect(stdout).toContain("cancelled in time: true\nserver: cleaning up\nserver: cleaned up\n");
  });

  it("RT-6 `signals` chooses: SIGHUP gives 128 plus its number, and SIGTERM keeps its default effect", async () => {
    await using hung = program("main", "until a signal", "SIGHUP");
    await hung.says("ready");
    expect((await hung.kill("SIGHUP").ended).code).toBe(128 + constants.signals.SIGHUP);
    await using child = program("main", "until a signal", "SIGHUP");
    await child.says("ready");
    const { code, signal, stdout } = await child.kill("SIGTERM").ended;
    expect([code, signal, stdout]).toEqual([null, "SIGTERM", "ready\n"]);
  });

  it("RT-6 nothing of main's listeners is left when it has ended, however it ended", async () => {
    const { code, stdout } = await run("main", "listeners");
    expect(code).toBe(0);
    const counts = new Map(stdout.split("\n").map((line) => line.split(": ") as [string, string]));
    const before = counts.get("before");
    expect(counts.get("during")).not.toBe(before);
    for (const when of ["after", "after a failure", "after an exit"]) expect(counts.get(when)).toBe(before);
  });

  it("RT-6 after main a signal has its default effect again", async () => {
    await using child = program("main", "after the end");
    await child.says("code 0");
    const { code, signal } = await child.kill("SIGINT").ended;
    expect([code, signal]).toEqual([null, "SIGINT"]);
  });

  it("DX-4 main with nothing left to wake it reports the tree, once, and stays alive until its group is done", async () => {
    await using child = program("main", "stuck");
    await child.says("stuck-until-woken");
    expect(child.isRunning).toBe(true);
    const { code, stdout, stderr } = await child.kill("SIGUSR2").ended;
    expect([code, stdout]).toEqual([0, "code 0, exitCode 0\n"]);
    expect(countOf("stuck-until-woken", stderr)).toBe(1);
    expect(stderr).not.toContain("finished-long-ago");
  });
});
