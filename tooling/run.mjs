#!/usr/bin/env node
/**
 * Runs a command of this repository with everything it needs, from nothing but Node (18 or newer) and npm:
 *
 *   node tooling/run.mjs demo [args]      the crawler
 *   node tooling/run.mjs test [names]     every test
 *   node tooling/run.mjs <command> [args] any tool of the repository: turbo, oxlint, changeset, pnpm, …
 *
 * This file and `setup/` run on the machine's own Node, so they're plain JavaScript without dependencies.
 */

import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { step } from "./setup/child.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { environment } from "./setup/environment.mjs";
import { runLast } from "./setup/last-command.mjs";
import { toolchainNode } from "./setup/node.mjs";
import { installPnpm } from "./setup/pnpm.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [command = "", ...args] = process.argv.slice(2);

try {
  const env = environment(root);
  const node = await toolchainNode(root, env);
  await installPnpm(root, env);
  if (command !== "pnpm") await installDependencies(root, env);

  if (command === "demo") {
    await build(["--filter=@cohort-app/crawler"]);
    await runLast(node, [join(root, "apps/crawler/dist/cli.js"), ...args], { cwd: root, env });
  } else if (command === "test") {
    await build([]);
    await runLast(node, [join(root, "tooling/test/main.ts"), ...args], { cwd: root, env });
  } else {
    await runLast(command, args, { cwd: root, env });
  }

  /** @param {string[]} what */
  async function build(what) {
    await step("turbo", ["run", "build", ...what], { cwd: root, env, announce: "building (turbo run build)" });
  }
} catch (error) {
  console.error(error instanceof Error ? `\n${error.message}` : error);
  process.exitCode = 1;
}
