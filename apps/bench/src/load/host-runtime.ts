import { execFile } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const RUNTIME_NAMES = ["node", "bun", "deno"] as const;

export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** A runtime of this machine, and how a server is started on it. */
export interface HostRuntime {
  readonly name: RuntimeName;
  readonly version: string;
  readonly executable: string;
  readonly flags: readonly string[];
  readonly server: string;
  /** What it says on stderr whatever the server does. */
  readonly says?: RegExp | undefined;
}

/** Once a process, to whoever looks at the signal of a request: see `requestScope` in `@cohort/deno`. */
const LEGACY_ABORT = /^Deno\.serve: request\.signal aborts on successful responses.*\n/m;

const FLAGS: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
  bun: ["--expose-gc"],
  deno: ["run", "--quiet", "--no-lock", "--allow-all", "--v8-flags=--expose-gc"],
};

/** `main` is the module that is run; the servers lie beside it, built or not as it is. */
export async function hostRuntime(name: RuntimeName, executable: string, main: string): Promise<HostRuntime> {
  const { stdout } = await promisify(execFile)(executable, ["--version"]);
  const extension = extname(main);
  return {
    name,
    version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout.trim(),
    executable,
    flags: [...FLAGS[name], ...(extension === ".ts" ? ["--conditions=@cohort/source"] : [])],
    says: name === "deno" ? LEGACY_ABORT : undefined,
    server: fileURLToPath(new URL(`./${name}/server${extension}`, main)),
  };
}
