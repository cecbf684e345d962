import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messagesIn, runChild } from "./child.ts";
import { fromEnvironment, fromPackages, fromPath } from "./find.ts";
import type { HostRuntime } from "./host-runtime.ts";

export const deno: HostRuntime = {
  name: "deno",
  platform: "node",
  conditions: ["deno", "node"],
  wanted: "deno on the PATH, COHORT_DENO, or `npm install --save-dev deno`",
  async find(search) {
    const machine = `@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`;
    return (
      fromEnvironment(search, "COHORT_DENO") ??
      fromPath(search, "deno") ??
      fromPackages(search, "deno", [machine], "deno")
    );
  },
  program: (mark) => `await runInside(load, byConsole(${JSON.stringify(mark)}), options);`,
  async run(executable, { code, directory, mark }, receive, signal) {
    await writeFile(join(directory, "suite.mjs"), code);
    // As node and bun have it: what an implementation may do isn't what is asked here.
    const flags = ["run", "--quiet", "--no-config", "--no-lock", "--allow-all", "--v8-flags=--expose-gc"];
    return runChild(executable, [...flags, "suite.mjs"], {
      cwd: directory,
      signal,
      onLine: messagesIn(mark, receive),
    });
  },
};
