import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
// @boundaries-ignore the runtimes are the repository's tools
import { environment } from "../../../../tooling/setup/environment.mjs";
// @boundaries-ignore the runtimes are the repository's tools
import { runtimeFromNpm } from "../../../../tooling/setup/runtimes.mjs";

type Name = "Node" | "Bun" | "Deno";

/** What the crawler runs on, and how it is started there from its source. */
export interface Runtime {
  readonly name: Name;
  readonly version: string;
  readonly executable: string;
  readonly flags: readonly string[];
  /** The flag that loads a module before the crawler. */
  readonly preload: string;
}

/** A runtime that can't be had here, and why. */
export interface LeftOut {
  readonly name: Name;
  readonly why: string;
}

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const SOURCE = "--conditions=@cohort/source";

export const node: Runtime = {
  name: "Node",
  version: process.versions.node,
  executable: process.execPath,
  flags: [SOURCE, "--disable-warning=ExperimentalWarning"],
  preload: "--import",
};

export const runtimes: readonly (Runtime | LeftOut)[] = [
  node,
  await fromNpm("Bun", { flags: [SOURCE], preload: "--preload" }),
  await fromNpm("Deno", { flags: ["run", "--quiet", "--no-lock", "--allow-all", SOURCE], preload: "--preload" }),
];

async function fromNpm(
  name: Exclude<Name, "Node">,
  how: Pick<Runtime, "flags" | "preload">,
): Promise<Runtime | LeftOut> {
  try {
    const executable = await runtimeFromNpm(name === "Bun" ? "bun" : "deno", root, environment(root));
    const said = execFileSync(executable, ["--version"], { encoding: "utf8" });
    return { ...how, name, executable, version: /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said };
  } catch (error) {
    return { name, why: error instanceof Error ? error.message : String(error) };
  }
}
