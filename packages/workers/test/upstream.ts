import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What a Worker under test fetches from, on loopback. `/hang` and `/drip` never end by themselves, `/fail` answers with a
 * 500, and `/told?what` is how a Worker says that something has happened.
 */
export class Upstream implements AsyncDisposable {
  private readonly server = createServer((request, response) => this.answer(request.url ?? "", response));
  private readonly said: string[] = [];
  private readonly listeners = new Set<() => void>();
  /** Requests that are being answered. */
  open = 0;
  /** Requests whose Worker went away before the answer was whole. */
  aborted = 0;

  static async start(): Promise<Upstream> {
    const upstream = new Upstream();
    upstream.server.listen(0, "127.0.0.1");
    await once(upstream.server, "listening");
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All that Workers have said, in order. */
  get told(): readonly string[] {
    return this.said;
  }

  /** Waits until Workers have said all of this. */
  async hears(...words: readonly string[]): Promise<void> {
    await this.until(() => words.every((word) => this.said.includes(word)));
  }

  /** Waits until something is so, and asks whenever a request has come or ended. */
  async until(isSo: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.listeners.delete(look);
        resolve();
      };
      this.listeners.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(url: string, response: ServerResponse): void {
    const { pathname, search } = new URL(url, "http://upstream");
    this.open++;
    response.once("close", () => {
      this.open--;
      if (!response.writableFinished) this.aborted++;
      this.changed();
    });
    if (pathname === "/told") this.said.push(decodeURIComponent(search.slice(1)));
    if (pathname === "/drip") {
      response.write("drip\n");
      const drops = setInterval(() => response.write("drip\n"), 10);
      response.once("close", () => clearInterval(drops));
    } else if (pathname === "/large") {
      response.end(Buffer.alloc(400_000));
    } else if (pathname === "/page") {
      response.end("<p>a page</p>\n".repeat(30_000));
    } else if (pathname === "/breaks") {
      response.writeHead(200, { "content-length": 8 }).write("half");
      setTimeout(() => response.destroy(), 50);
    } else if (pathname !== "/hang") {
      response.writeHead(pathname === "/fail" ? 500 : 200, { "content-length": pathname.length });
      response.end(pathname);
    }
    this.changed();
  }

  private changed(): void {
    for (const look of [...this.listeners]) look();
  }
}
