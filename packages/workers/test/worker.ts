import { Agent, get, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { Miniflare, type MiniflareOptions } from "miniflare";
import type { Readable } from "node:stream";
import { vi } from "vitest";
import { bundle } from "./bundle.ts";

// Each test bundles a program and starts a workerd, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The compatibility of a Worker: a date, and flags. */
export interface Platform {
  readonly name: string;
  readonly date: string;
  readonly flags: readonly string[];
}

/** An old date without a flag, and the newest that the workerd of miniflare knows with those that the package speaks of. */
export const platforms: readonly Platform[] = [
  { name: "2023-05-18", date: "2023-05-18", flags: [] },
  {
    name: "2026-07-30 enable_request_signal nodejs_compat",
    date: "2026-07-30",
    flags: ["enable_request_signal", "nodejs_compat"],
  },
];

/** One of the programs, served by workerd on loopback. */
export class Worker implements AsyncDisposable {
  /** What it has written to its console. */
  log = "";
  private readonly miniflare: Miniflare;
  private readonly listeners = new Set<() => void>();
  private url: URL | undefined;

  private constructor(options: MiniflareOptions) {
    this.miniflare = new Miniflare({
      ...options,
      host: "127.0.0.1",
      port: 0,
      handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
        for (const stream of [stdout, stderr]) {
          stream.setEncoding("utf8").on("data", (text: string) => {
            this.log += text;
            for (const look of [...this.listeners]) look();
          });
        }
      },
    });
  }

  static async start(
    program: string,
    { date, flags }: Platform,
    bindings: Record<string, string> = {},
    options: Record<string, unknown> = {},
  ): Promise<Worker> {
    const worker = new Worker({
      modules: [{ type: "ESModule", path: "worker.js", contents: await bundle(program) }],
      compatibilityDate: date,
      compatibilityFlags: [...flags],
      bindings,
      ...options,
    });
    worker.url = await worker.miniflare.ready;
    return worker;
  }

  at(path: string): URL {
    return new URL(path, this.url);
  }

  async fetch(path: string, init?: RequestInit): Promise<Response> {
    // miniflare would encode the body, and so change its length and how it breaks off.
    return fetch(this.at(path), { ...init, headers: { "accept-encoding": "identity" } });
  }

  async text(path: string): Promise<string> {
    return (await this.fetch(path)).text();
  }

  /** Asks by a connection of its own, and goes away as soon as there is so much of the body. */
  async leave(path: string, afterBytes: number): Promise<void> {
    const request = get(String(this.at(path)), { agent: new Agent() });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes >= afterBytes) break;
    }
    request.destroy();
  }

  /** Waits until its console has this text. */
  async logs(text: string | RegExp): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (typeof text === "string" ? !this.log.includes(text) : !text.test(this.log)) return;
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.miniflare.dispose();
  }
}
