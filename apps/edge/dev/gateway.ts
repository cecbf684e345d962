import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";
import type { Env } from "../src/settings.ts";
import { readWranglerConfig } from "./wrangler-config.ts";

export interface GatewayOptions {
  readonly port: number;
  /** Put in place of those of wrangler.jsonc. */
  readonly variables: Partial<Env>;
  /** Gets what the Worker and its runtime print. */
  readonly onLog: (text: string) => void;
}

export interface Gateway extends AsyncDisposable {
  readonly url: URL;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The Worker in workerd, on loopback, with the settings that it is deployed with. */
export async function startGateway({ port, variables, onLog }: GatewayOptions): Promise<Gateway> {
  const { name, main, compatibility_date, compatibility_flags, vars } = await readWranglerConfig();
  const print = (stream: Readable): unknown => stream.setEncoding("utf8").on("data", onLog);
  const miniflare = new Miniflare({
    name,
    modules: [{ type: "ESModule", path: "index.js", contents: await bundle(main) }],
    compatibilityDate: compatibility_date,
    compatibilityFlags: [...compatibility_flags],
    bindings: { ...vars, ...variables, PRICE_URLS: [...(variables.PRICE_URLS ?? vars.PRICE_URLS)] },
    host: "127.0.0.1",
    port,
    // Nothing here asks where a client is, and to find out takes a request to the outside.
    cf: false,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => void [stdout, stderr].map(print),
  });
  try {
    return { url: await miniflare.ready, [Symbol.asyncDispose]: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** As wrangler bundles it, but from the source of the workspace's packages, so that nothing need be built first. */
async function bundle(main: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [main],
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["@cohort/source", "workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${main}`);
  return file.text;
}
