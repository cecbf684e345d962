import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstFile } from "./find.ts";
import { messagesIn, runChild } from "./child.ts";
import type { HostRuntime } from "./host-runtime.ts";

/** A process of its own, with a `gc()` for those cases that look at what is kept. */
export const node: HostRuntime = {
  name: "node",
  platform: "node",
  conditions: ["node"],
  wanted: "--node <path>",
  find: async ({ node: path }) => firstFile([path]),
  program: (mark) => `await runInside(load, byConsole(${JSON.stringify(mark)}), options);`,
  async run(executable, { code, directory, mark }, receive, signal) {
    await writeFile(join(directory, "suite.mjs"), code);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const onLine = messagesIn(mark, receive);
    return runChild(executable, ["--expose-gc", "suite.mjs"], { cwd: directory, env, signal, onLine });
  },
};
