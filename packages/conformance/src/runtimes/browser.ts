import type { ChildOptions, Ending } from "./child.ts";
import { runChild } from "./child.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { servePage } from "./page.ts";

/** What differs from one browser to the next. */
export interface Browser {
  readonly name: HostRuntime["name"];
  readonly wanted: string;
  readonly find: HostRuntime["find"];
  /** Opens the page with a fresh profile; the directory is there for it. */
  readonly open: (executable: string, url: string, directory: string, signal: AbortSignal) => Promise<Ending>;
}

/** A browser without a window, on a page that runs the suite and posts what it finds. */
export function browserRuntime({ name, wanted, find, open }: Browser): HostRuntime {
  return {
    name,
    platform: "browser",
    conditions: ["browser"],
    wanted,
    find,
    program: (mark) => `await runInside(load, byFetch(${JSON.stringify(mark)}), options);`,
    async run(executable, script, receive, signal) {
      const page = await servePage(script, receive);
      try {
        return await open(executable, page.url, script.directory, signal);
      } finally {
        page.close();
      }
    },
  };
}

/** Runs a browser that is to find nobody's settings. */
export function runBrowser(
  executable: string,
  args: readonly string[],
  directory: string,
  options: Pick<ChildOptions, "signal" | "env">,
): Promise<Ending> {
  const { env = process.env, signal } = options;
  return runChild(executable, args, { cwd: directory, env: { ...env, HOME: directory }, signal });
}
