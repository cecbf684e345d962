import { fileURLToPath } from "node:url";
import { installDependencies } from "./dependencies.mjs";
import { environment } from "./environment.mjs";
import { toolchainNode } from "./node.mjs";
import { installPnpm } from "./pnpm.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Gets ready whatever isn't: a Node for the tools, pnpm, and the dependencies unless told otherwise.
 *
 * @param {{ dependencies?: boolean }} [options]
 * @returns {Promise<import("./child.mjs").Place>} where the repository's commands run
 */
export async function prepare({ dependencies = true } = {}) {
  const env = environment(root);
  await toolchainNode(root, env);
  await installPnpm(root, env);
  if (dependencies) await installDependencies(root, env);
  return { cwd: root, env };
}

/**
 * Ends this process with a line that says why, without a stack that says nothing to whoever wanted to run something else.
 *
 * @param {unknown} error
 */
export function giveUp(error) {
  console.error(error instanceof Error ? `\n${error.message}` : error);
  process.exitCode = 1;
}
