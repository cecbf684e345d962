import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { homedir } from "node:os";

/** What the person told npm about the network by `npm_config_…`, in contrast to what npm tells its scripts. */
const network = /^npm_config_(registry|cafile|proxy|https_proxy|noproxy|strict_ssl|userconfig|globalconfig)$/i;

/**
 * The environment of everything that runs here: this process's own, with the tools first on the PATH and without what
 * `npm run` adds, which other package managers would misread.
 *
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(root) {
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_/i.test(name) || network.test(name)) env[name] = value;
  }

  // npm hands its registry on in a variable that pnpm doesn't read.
  const registry = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY;
  if (registry) env.PNPM_CONFIG_REGISTRY = registry;
  // What `npm run` tells of itself, kept under names that pnpm's scripts don't set anew.
  const { npm_execpath: npm, npm_node_execpath: npmNode } = process.env;
  if (npm?.endsWith("npm-cli.js") && npmNode) {
    env.COHORT_NPM = npm;
    env.COHORT_NPM_NODE = npmNode;
  }

  if (!canWrite(homeOf(env))) {
    const home = join(root, ".tools", "home");
    mkdirSync(home, { recursive: true });
    env.HOME = home;
    env.USERPROFILE = home;
  }

  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const tools = [join(root, ".tools", "bin"), join(root, "node_modules", ".bin")];
  const inherited = (env[pathName] ?? "").split(delimiter).filter((directory) => !tools.includes(directory));
  env[pathName] = [...tools, ...inherited].join(delimiter);

  env.TURBO_TELEMETRY_DISABLED = "1";
  env.TURBO_NO_UPDATE_NOTIFIER = "1";
  return env;
}

/** @param {NodeJS.ProcessEnv} env */
function homeOf(env) {
  return env.HOME === "" ? "" : homedir();
}

/** @param {string} directory */
function canWrite(directory) {
  try {
    accessSync(directory, constants.W_OK);
    return directory !== "" && directory !== "/";
  } catch {
    return false;
  }
}
