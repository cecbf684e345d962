import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { say } from "./child.mjs";
import { installFromNpm } from "./npm.mjs";

/** The Node of each line that is fetched where the machine's own won't do. */
const pinned = /** @type {const} */ ({ 20: "20.20.2", 22: "22.23.2", 24: "24.21.0", 26: "26.10.0" });

/** The first minor version that will do: for 20 as the packages promise, for the others as tsup wants it, the most demanding tool. */
const oldestMinor = { 20: 19, 22: 18, 24: 11, 26: 0 };

/** @typedef {keyof typeof pinned} NodeLine */

/** The line fetched for the tools; npm has no 24 for every Mac. @type {NodeLine} */
const toolchainLine = process.platform === "darwin" ? 26 : 24;

/**
 * The Node that runs the tools: this one if it will do. It's linked into `.tools/bin`.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function toolchainNode(root, env) {
  const { node: version } = process.versions;
  let node = process.execPath;
  if (!runsTools(version)) {
    if (!existsSync(directoryOf(toolchainLine, root)))
      say(`Node ${version} won't do: the tools want 22.18, 24.11 or 26`);
    node = await fetchNode(toolchainLine, root, env);
  }
  linkTool(root, "node", node);
}

/**
 * A Node of one line: this one if it's of that line and new enough for the packages, the pinned one otherwise.
 *
 * @param {NodeLine} line
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function nodeOfLine(line, root, env) {
  for (const candidate of [process.execPath, env.COHORT_NPM_NODE]) {
    const version = candidate && versionOf(candidate);
    if (version && candidate && isOfLine(version, line)) return { path: candidate, version };
  }
  return { path: await fetchNode(line, root, env), version: pinned[line] };
}

/** @param {NodeLine} line @param {string} root @param {NodeJS.ProcessEnv} env */
async function fetchNode(line, root, env) {
  const { platform, arch } = process;
  // The `node` package would install one of these by a script; npm may refuse scripts, so it's asked for by name.
  const prefix = platform === "darwin" && arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${platform === "win32" ? "win" : platform}-${arch}`;
  const directory = directoryOf(line, root);
  await installFromNpm(`${name}@${pinned[line]}`, directory, env);
  const executable = join(directory, "node_modules", name, "bin", platform === "win32" ? "node.exe" : "node");
  if (versionOf(executable) !== pinned[line]) throw new Error(`${executable} doesn't run on this machine`);
  return executable;
}

/** @param {NodeLine} line @param {string} root */
function directoryOf(line, root) {
  return join(root, ".tools", `node-${pinned[line]}`);
}

/**
 * Makes a tool findable under one name in `.tools/bin`.
 *
 * @param {string} root
 * @param {string} name
 * @param {string} executable
 */
export function linkTool(root, name, executable) {
  const directory = join(root, ".tools", "bin");
  const link = join(directory, process.platform === "win32" ? `${name}.exe` : name);
  if (existsSync(link) && realpathSync(link) === realpathSync(executable)) return;
  mkdirSync(directory, { recursive: true });
  rmSync(link, { force: true });
  try {
    symlinkSync(executable, link);
  } catch {
    copyFileSync(executable, link);
  }
}

/** @param {string} executable */
function versionOf(executable) {
  if (executable === process.execPath) return process.versions.node;
  const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8" });
  return stdout?.trim().replace(/^v/, "");
}

/** @param {string} version */
function runsTools(version) {
  return isOfLine(version, 22) || isOfLine(version, 24) || Number.parseInt(version, 10) >= 26;
}

/** @param {string} version @param {NodeLine} line */
function isOfLine(version, line) {
  const [major, minor = 0] = version.split(".").map(Number);
  return major === line && minor >= oldestMinor[line];
}
