import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { installFromNpm } from "./npm.mjs";

/** What npm has of each runtime, and at which version. Packages of executables, whose scripts needn't run. */
const pinned = { bun: "1.4.5", deno: "2.9.6", workerd: "1.20261117.1", chromium: "153.0.0" };

/** The package for this machine, and the executable in it. @type {Record<"bun" | "deno" | "workerd", () => [string, string]>} */
const packages = {
  bun: () => [`@oven/bun-${osOf("windows")}-${archOf("aarch64")}`, "bin/bun"],
  deno: () => [`@deno/${osOf("win32")}-${archOf("arm64")}${process.platform === "linux" ? "-glibc" : ""}`, "deno"],
  workerd: () => [`@cloudflare/workerd-${osOf("windows")}-${archOf("arm64").replace("x64", "64")}`, "bin/workerd"],
};

/**
 * The executable of a runtime, fetched from npm if it isn't here yet.
 *
 * @param {"bun" | "deno" | "workerd"} runtime
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function runtimeFromNpm(runtime, root, env) {
  const [name, file] = packages[runtime]();
  const directory = join(root, ".tools", `${runtime}-${pinned[runtime]}`);
  await installFromNpm(`${name}@${pinned[runtime]}`, directory, env);
  return join(directory, "node_modules", name, process.platform === "win32" ? `${file}.exe` : file);
}

/**
 * A Chromium: the machine's own, or on Linux the one that npm has. It's unpacked into the temporary directory.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function chromium(root, env) {
  const own = ["chromium", "chromium-browser", "google-chrome"]
    .flatMap((name) => (env.PATH ?? "").split(delimiter).map((directory) => join(directory, name)))
    .find((path) => existsSync(path));
  if (own !== undefined) return own;
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("none is installed, and npm has none");
  const directory = join(root, ".tools", `chromium-${pinned.chromium}`);
  await installFromNpm(`@sparticuz/chromium@${pinned.chromium}`, directory, env);
  mkdirSync(directory, { recursive: true });
  const entry = createRequire(join(directory, "package.json")).resolve("@sparticuz/chromium");
  const { default: packed } = await import(pathToFileURL(entry).href);
  return packed.executablePath();
}

/** @param {string} windows what the package calls it */
function osOf(windows) {
  return process.platform === "win32" ? windows : process.platform;
}

/** @param {string} arm64 what the package calls it */
function archOf(arm64) {
  return process.arch === "arm64" ? arm64 : process.arch;
}
