import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";

/** The package as an application's bundler makes it: one ESM file, from the sources. */
const cohort: string = await bundled();

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@cohort/browser";', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@cohort/source", "browser"],
  });
  return outputFiles[0]?.text ?? "";
}

/** A page whose modules import the package by its name, and which has it as a global, too. */
export function pageOf(script = ""): string {
  return `<!doctype html><meta charset="utf-8"><title>page</title>
<script type="importmap">{ "imports": { "@cohort/browser": "/cohort.js" } }</script>
<script type="module">
import * as cohort from "@cohort/browser";
const say = (path, text) => fetch(path, { method: "POST", body: text, keepalive: true });
Object.assign(globalThis, { cohort, say });
${script}
</script>`;
}

/**
 * A server on a free port of the loopback interface. It serves what it is given, keeps what is posted, and never answers
 * `/hang`, nor ends the answer to `/drip`.
 */
export class Site {
  readonly url: string;
  readonly #server: Server;
  readonly #files: ReadonlyMap<string, string>;
  readonly #posts: Map<string, string[]> = new Map();
  readonly #waiting: (() => void)[] = [];
  #hanging = 0;

  private constructor(server: Server, files: Readonly<Record<string, string>>) {
    this.#server = server;
    this.#files = new Map(Object.entries({ "/cohort.js": cohort, "/": pageOf(), ...files }));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response));
  }

  static async open(files: Readonly<Record<string, string>> = {}): Promise<Site> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Site(server, files);
  }

  /** The next text that is posted to a path, or was already. */
  async posted(path: string): Promise<string> {
    for (;;) {
      const text = this.#posts.get(path)?.shift();
      if (text !== undefined) return text;
      await this.#change();
    }
  }

  /** Waits until so many requests for either are open. */
  async hangs(count: number): Promise<void> {
    while (this.#hanging !== count) await this.#change();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.url);
    if (request.method === "POST") {
      let text = "";
      for await (const part of request.setEncoding("utf8")) text += part as string;
      response.end();
      this.#posts.set(pathname, [...(this.#posts.get(pathname) ?? []), text]);
      this.#changed();
    } else if (pathname === "/hang" || pathname === "/drip") {
      if (pathname === "/drip") response.write("the first part");
      this.#hanging++;
      this.#changed();
      response.once("close", () => {
        this.#hanging--;
        this.#changed();
      });
    } else {
      const text = this.#files.get(pathname);
      const type = pathname.endsWith("js") ? "text/javascript" : "text/html";
      if (text === undefined) response.writeHead(404).end();
      else response.setHeader("content-type", `${type}; charset=utf-8`).end(text);
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
