import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";

const root = join(import.meta.dirname, "../../../..");

/** Why tests in a browser can't be run here, or how to open one. */
export type Chromium = { readonly missing: string } | { open(): Promise<Browser> };

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-sync",
];

/** The Chromium that `COHORT_CHROMIUM` names, this machine's own, or the one that npm has. Says on the console if there is none. */
export async function findChromium(): Promise<Chromium> {
  try {
    const executablePath = process.env["COHORT_CHROMIUM"] ?? (await installed());
    return {
      open: () =>
        chromium.launch({
          executablePath,
          chromiumSandbox: process.getuid?.() !== 0,
          args: FLAGS,
          // Playwright switches it off.
          ignoreDefaultArgs: ["--disable-back-forward-cache"],
        }),
    };
  } catch (error) {
    const missing = `there is no Chromium here: ${error instanceof Error ? error.message : String(error)}`;
    console.warn(`skipped, since ${missing}`);
    return { missing };
  }
}

async function installed(): Promise<string> {
  const setup = (await import(pathToFileURL(join(root, "tooling/setup/runtimes.mjs")).href)) as {
    chromium(root: string, env: NodeJS.ProcessEnv): Promise<string>;
  };
  return setup.chromium(root, process.env);
}
