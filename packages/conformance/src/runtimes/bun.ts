import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messagesIn, runChild } from "./child.ts";
import { fromEnvironment, fromPackages, fromPath } from "./find.ts";
import type { HostRuntime } from "./host-runtime.ts";

export const bun: HostRuntime = {
  name: "bun",
  platform: "node",
  conditions: ["bun", "node"],
  wanted: "bun on the PATH, COHORT_BUN, or `npm install --save-dev bun`",
  async find(search) {
    const os = process.platform === "win32" ? "windows" : process.platform;
    const arch = process.arch === "arm64" ? "aarch64" : process.arch;
    const machines = ["", "-musl", "-baseline", "-musl-baseline"].map((kind) => `@oven/bun-${os}-${arch}${kind}`);
    return (
      fromEnvironment(search, "COHORT_BUN") ??
      fromPath(search, "bun") ??
      fromPackages(search, "bun", machines, "bin/bun")
    );
  },
  program: (mark) => `await runInside(load, byConsole(${JSON.stringify(mark)}), options);`,
  async run(executable, { code, directory, mark }, receive, signal) {
    await writeFile(join(directory, "suite.mjs"), code);
    return runChild(executable, ["--expose-gc", "run", "suite.mjs"], {
      cwd: directory,
      signal,
      onLine: messagesIn(mark, receive),
    });
  },
};
