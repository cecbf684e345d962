import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { browserRuntime, runBrowser } from "./browser.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { firstFile, fromEnvironment, fromPath, type Search } from "./find.ts";

/** WebKitGTK's own little browser. It has a window always, so that it gets a screen that nobody sees. */
export const webkit: HostRuntime = browserRuntime({
  name: "webkit",
  wanted: "WebKitGTK's MiniBrowser (Debian: webkit2gtk-driver) or COHORT_WEBKIT, and Xvfb where there is no display",
  async find(search) {
    const path = fromEnvironment(search, "COHORT_WEBKIT") ?? fromPath(search, "MiniBrowser") ?? installed();
    return path !== undefined && hasScreen(search) ? path : undefined;
  },
  async open(executable, url, directory, signal) {
    const screen = process.env["DISPLAY"] === undefined ? await openScreen(signal) : undefined;
    // Root can't have its sandbox.
    const isRoot = process.getuid?.() === 0;
    const env = {
      ...process.env,
      ...(screen === undefined ? {} : { DISPLAY: screen.display }),
      ...(isRoot ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {}),
    };
    try {
      return await runBrowser(executable, ["--private", url], directory, { signal, env });
    } finally {
      await screen?.close();
    }
  },
});

/** Where distributions put it, the newest first. */
function installed(): string | undefined {
  const libraries = ["/usr/lib", "/usr/libexec", ...below("/usr/lib", /-linux-gnu/)];
  const rooms = libraries.flatMap((library) =>
    below(library, /^webkit(2gtk|gtk)-/)
      .sort()
      .reverse(),
  );
  return firstFile(rooms.map((room) => join(room, "MiniBrowser")));
}

function below(directory: string, name: RegExp): string[] {
  try {
    return readdirSync(directory)
      .filter((each) => name.test(each))
      .map((each) => join(directory, each));
  } catch {
    return [];
  }
}

function hasScreen(search: Search): boolean {
  return search.env["DISPLAY"] !== undefined || fromPath(search, "Xvfb") !== undefined;
}

/** A display of Xvfb's own choosing, of which it tells when it is ready. */
async function openScreen(signal: AbortSignal): Promise<{ display: string; close(): Promise<void> }> {
  const args = ["-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp"];
  const child = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"], signal });
  const ended = once(child, "exit").catch(() => undefined);
  const [number] = (await once(child.stdio[3] as Readable, "data", { signal })) as [Buffer];
  return {
    display: `:${number.toString().trim()}`,
    async close() {
      child.kill();
      await ended;
    },
  };
}
