import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child, lacksBun } from "./child.ts";

describe.skipIf(lacksBun !== "" || process.platform === "win32")("the example of a child process", () => {
  it("RT-6 is killed when its task is cancelled, and the task is cancelled then", async () => {
    const file = join(import.meta.dirname, "../examples/kill-child.ts");
    await using child = new Child(["--conditions=@cohort/source", file]);
    const { code, stdout, stderr } = await child.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("timed out: true\nsleep ended by SIGTERM\ncancelled: true\n");
  });
});
