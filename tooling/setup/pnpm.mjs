import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./child.mjs";
import { linkTool } from "./node.mjs";
import { installFromNpm } from "./npm.mjs";

/**
 * The pnpm that package.json pins, linked into `.tools/bin`.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function installPnpm(root, env) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const directory = join(root, ".tools", packageManager.replace("@", "-"));
  await installFromNpm(packageManager, directory, env, (staging) =>
    // pnpm's own install script, which puts its native executable in place.
    step(process.execPath, [join(staging, "node_modules", "pnpm", "install.js")], { cwd: staging, env }),
  );
  const executable = join(directory, "node_modules", "pnpm", process.platform === "win32" ? "pnpm.exe" : "pnpm");
  if (!existsSync(executable)) throw new Error(`${executable} is missing; delete .tools and try again`);
  linkTool(root, "pnpm", executable);
}
