import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { missed } from "./missed.ts";
import type { Site } from "./site.ts";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-sync",
  "--js-flags=--expose-gc",
];

/** The Chromium that `COHORT_CHROMIUM` names, this machine's own, or the one that npm has; or why there is none. */
async function find(): Promise<{ readonly path?: string; readonly missing?: string }> {
  const named = process.env["COHORT_CHROMIUM"];
  if (named !== undefined) return { path: named };
  const root = join(import.meta.dirname, "../../..");
  const runtimes = (await import(pathToFileURL(join(root, "tooling/setup/runtimes.mjs")).href)) as {
    chromium(root: string, env: NodeJS.ProcessEnv): Promise<string>;
  };
  try {
    return { path: await runtimes.chromium(root, process.env) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

const { path: executablePath, missing } = await find();
if (missing !== undefined) missed("chromium", missing);

/** Why the tests of a file that need a Chromium are skipped; undefined where there is one. */
export const noChromium: string | undefined = missing;

/** One browser for the tests of a file. Each test has a page in a profile of its own. */
export function openChromium(): { page(site: Site, path?: string): Promise<Page> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (executablePath === undefined) return;
    browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: FLAGS });
  }, 60_000);
  afterAll(() => browser?.close());
  return {
    async page(site, path = "/") {
      const page = await (browser as Browser).newPage();
      await page.goto(site.url + path);
      await page.waitForFunction("globalThis.cohort !== undefined");
      return page;
    },
  };
}
