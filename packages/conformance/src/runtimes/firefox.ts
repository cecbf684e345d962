import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { browserRuntime, runBrowser } from "./browser.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { firstFile, fromEnvironment, fromPath } from "./find.ts";

const ELSEWHERE = [
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`,
];

/** It opens the page and nothing else, and calls nobody. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,none",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

export const firefox: HostRuntime = browserRuntime({
  name: "firefox",
  wanted: "firefox on the PATH, or COHORT_FIREFOX",
  find: async (search) =>
    fromEnvironment(search, "COHORT_FIREFOX") ?? fromPath(search, "firefox", "firefox-esr") ?? firstFile(ELSEWHERE),
  async open(executable, url, directory, signal) {
    const profile = join(directory, "profile");
    await mkdir(profile);
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, "user.js"), lines.join(""));
    return runBrowser(executable, ["--headless", "--no-remote", "--profile", profile, url], directory, { signal });
  },
});
