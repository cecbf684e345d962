import { existsSync } from "node:fs";
import { join } from "node:path";
import { say, step } from "./child.mjs";

/**
 * Installs what the lockfile says. Where nothing has changed pnpm sees so in some milliseconds.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function installDependencies(root, env) {
  if (!existsSync(join(root, "node_modules", ".modules.yaml"))) say("installing the dependencies (once)");
  await step("pnpm", ["install", "--frozen-lockfile"], { cwd: root, env, announce: "pnpm install --frozen-lockfile" });
}
