import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface TestServer {
  origin: string;
  /** The paths asked for, in order. */
  paths: string[];
  /** Requests that are neither answered nor given up. */
  open: number;
  mostOpen: number;
  /** Resolves when so many requests are open. */
  untilOpen: (n: number) => Promise<void>;
}

/** A server on loopback for one test; it counts what is open from its own side. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const waiting: { n: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    seen.paths.push(request.url ?? "");
    seen.mostOpen = Math.max(seen.mostOpen, ++seen.open);
    const notify = (): void => waiting.filter(({ n }) => n === seen.open).forEach(({ resolve }) => resolve());
    response.once("close", () => {
      seen.open--;
      notify();
    });
    listener(request, response);
    notify();
  });
  const seen: TestServer = {
    origin: "",
    paths: [],
    open: 0,
    mostOpen: 0,
    untilOpen: (n) => (seen.open === n ? Promise.resolve() : new Promise((resolve) => waiting.push({ n, resolve }))),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  seen.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return seen;
}

export type Pages = Readonly<
  Record<string, string | { status: number; location?: string; type?: string; body?: string }>
>;

/** A small site: HTML by path, or a status; 404 for everything else. */
export function site(pages: Pages): Promise<TestServer> {
  return serve((request, response) => {
    const page = pages[request.url ?? ""] ?? { status: 404 };
    if (typeof page === "string") {
      response.writeHead(200, { "content-type": "text/html" }).end(page);
      return;
    }
    const { status, location, type = "text/html", body = "" } = page;
    response.writeHead(status, { "content-type": type, ...(location !== undefined && { location }) }).end(body);
  });
}
