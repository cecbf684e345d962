import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { say, step } from "./child.mjs";

/**
 * Installs one package from the npm registry into a directory of its own, which is there whole or not at all.
 * No script of the package runs.
 *
 * @param {string} specifier such as "pnpm@12.21.0"
 * @param {string} directory
 * @param {NodeJS.ProcessEnv} env
 * @param {(staging: string) => unknown} [finish] what else has to be done before it counts as installed
 */
export async function installFromNpm(specifier, directory, env, finish) {
  if (existsSync(directory)) return;
  say(`fetching ${specifier} into .tools (once)`);
  const staging = `${directory}.${process.pid}.tmp`;
  mkdirSync(staging, { recursive: true });
  try {
    writeFileSync(join(staging, "package.json"), '{ "private": true }\n');
    const flags = [
      "--ignore-scripts",
      "--include=optional",
      "--no-save",
      "--no-package-lock",
      "--no-audit",
      "--no-fund",
    ];
    const [command, ...first] = npmCommand(env);
    const args = [...first, "install", "--prefix", staging, ...flags, "--loglevel=error", specifier];
    await step(command, args, { cwd: dirname(directory), env });
    await finish?.(staging);
    if (!existsSync(directory)) renameSync(staging, directory);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * The machine's npm, started by the machine's Node.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env) {
  return env.COHORT_NPM && env.COHORT_NPM_NODE ? [env.COHORT_NPM_NODE, env.COHORT_NPM] : ["npm"];
}
