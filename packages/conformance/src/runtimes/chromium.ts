import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { browserRuntime, runBrowser } from "./browser.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { firstFile, fromEnvironment, fromPath, packageDirectory, type Search } from "./find.ts";

const FLAGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-sync",
  "--js-flags=--expose-gc",
];

/** Where its installers put it on systems that don't put it on the PATH. */
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];

export const chromium: HostRuntime = browserRuntime({
  name: "chromium",
  wanted: "chromium or google-chrome on the PATH, COHORT_CHROMIUM, or `npm install --save-dev @sparticuz/chromium`",
  find: async (search) =>
    fromEnvironment(search, "COHORT_CHROMIUM") ??
    fromPath(search, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable") ??
    firstFile(ELSEWHERE) ??
    (await packed(search)),
  open(executable, url, directory, signal) {
    // Root can't have its sandbox.
    const isRoot = process.getuid?.() === 0;
    const profile = `--user-data-dir=${join(directory, "profile")}`;
    return runBrowser(executable, [...FLAGS, ...(isRoot ? ["--no-sandbox"] : []), profile, url], directory, { signal });
  },
});

/** The one in the package, which unpacks itself into the temporary directory. It runs on Linux. */
async function packed(search: Search): Promise<string | undefined> {
  const directory = packageDirectory(search, "@sparticuz/chromium");
  if (directory === undefined || process.platform !== "linux") return undefined;
  const entry = createRequire(join(directory, "package.json")).resolve("@sparticuz/chromium");
  const module = (await import(pathToFileURL(entry).href)) as { default: { executablePath(): Promise<string> } };
  return module.default.executablePath();
}
