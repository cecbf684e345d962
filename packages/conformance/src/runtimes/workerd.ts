import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messagesIn, runChild } from "./child.ts";
import { fromEnvironment, fromPackages, fromPath } from "./find.ts";
import type { Compatibility, HostRuntime } from "./host-runtime.ts";
import { RefusedError } from "../refused-error.ts";

/** The runtime of Cloudflare's Workers: the suite is the test of a Worker. */
export const workerd: HostRuntime = {
  name: "workerd",
  platform: "browser",
  conditions: ["workerd", "worker", "browser"],
  wanted: "workerd on the PATH, COHORT_WORKERD, or `npm install --save-dev workerd`",
  async find(search) {
    const os = process.platform === "win32" ? "windows" : process.platform;
    const machine = `@cloudflare/workerd-${os}-${process.arch === "arm64" ? "arm64" : "64"}`;
    return (
      fromEnvironment(search, "COHORT_WORKERD") ??
      fromPath(search, "workerd") ??
      fromPackages(search, "workerd", [machine], "bin/workerd")
    );
  },
  async identify(executable, { date, flags }) {
    const version = await dateOf(executable);
    // What was told differs from report to report; what wasn't, is as its version says.
    const told = [...(date === undefined ? [] : [`as of ${date}`]), ...flags];
    return { name: "workerd", version: [version, ...told].join(" ") };
  },
  program: (mark) => `export default { test: () => runInside(load, byConsole(${JSON.stringify(mark)}), options) };`,
  async run(executable, { code, directory, mark, compatibility }, receive, signal) {
    await writeFile(join(directory, "worker.js"), code);
    await writeFile(join(directory, "worker.capnp"), config(await dateOf(executable), compatibility));
    return runChild(executable, ["test", "worker.capnp"], {
      cwd: directory,
      signal,
      onLine: messagesIn(mark, receive),
    });
  },
};

/** A Worker as of the day on which its workerd was made, unless told: what is newer, that one doesn't know. */
function config(made: string, { date = made, flags }: Compatibility): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .main)], v8Flags = ["--expose-gc"]);

const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${date}",
  compatibilityFlags = ${JSON.stringify(flags)},
);
`;
}

/** Its version is a date. */
async function dateOf(executable: string): Promise<string> {
  const { stdout } = await promisify(execFile)(executable, ["--version"]);
  const [date] = /\d{4}-\d\d-\d\d/.exec(stdout) ?? [];
  if (date === undefined) throw new RefusedError(`${executable} --version says no date: ${stdout.trim()}`);
  return date;
}
