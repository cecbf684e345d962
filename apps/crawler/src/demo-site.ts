import { createServer, type OutgoingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DemoPage, demoPages, redirects } from "./demo-pages.ts";

/** A site on this machine that counts what is asked of it, so that the crawler's word isn't the only one. */
export interface DemoSite {
  url: URL;
  readonly pages: number;
  readonly requests: number;
  /** Requests that have neither been answered nor given up by whoever asked. */
  readonly open: number;
  readonly mostOpen: number;
  /** Resolves when nothing is open; a connection that was cut is noticed a moment later on this side. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const STYLE = "body{font:1.1rem/1.6 Georgia,serif;max-width:40rem;margin:2rem auto}nav{font-size:.8rem}";
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 48"><title>A lighthouse</title><path d="M12 12h8l4 36H8z" fill="#b33"/><circle cx="16" cy="7" r="5" fill="#fc3"/></svg>`;
const ROBOTS = "User-agent: *\nDisallow: /keeper/\n";
/** Answers take between these, and every seventeenth page is a slow one. */
const FAST_MS = 30;
const SPREAD_MS = 70;
const SLOW_MS = 400;

/** What a request is answered with, and after how long. */
interface Reply {
  after?: number;
  send(response: ServerResponse): void;
}

export async function serveDemoSite({ broken = false } = {}): Promise<DemoSite> {
  const pages = demoPages(broken);
  const replies = new Map([...plainReplies(pages), ...(broken ? brokenReplies() : [])]);
  const counts = { requests: 0, open: 0, mostOpen: 0 };
  let waiting: (() => void)[] = [];

  const server = createServer((request, response) => {
    counts.requests++;
    counts.mostOpen = Math.max(counts.mostOpen, ++counts.open);
    const { pathname } = new URL(request.url ?? "/", "http://demo.invalid");
    const reply = replies.get(pathname) ?? text(404, "text/html", "<title>Not here</title>");
    const timer = setTimeout(() => reply.send(response), reply.after ?? 0);
    response.once("close", () => {
      clearTimeout(timer);
      if (--counts.open > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  });

  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    pages: pages.length,
    get requests() {
      return counts.requests;
    },
    get open() {
      return counts.open;
    },
    get mostOpen() {
      return counts.mostOpen;
    },
    idle: () => (counts.open === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function* plainReplies(pages: readonly DemoPage[]): Generator<[string, Reply]> {
  for (const [at, { path, html }] of pages.entries()) {
    yield [path, { ...text(200, "text/html; charset=utf-8", html), after: paceOf(at) }];
  }
  for (const [from, to] of redirects) yield [from, text(301, "text/plain", to, { location: to })];
  yield ["/style.css", text(200, "text/css", STYLE)];
  yield ["/lighthouse.svg", text(200, "image/svg+xml", PICTURE)];
  yield ["/robots.txt", text(200, "text/plain", ROBOTS)];
}

/** What else `--broken` brings; pages that aren't there need no entry. */
function* brokenReplies(): Generator<[string, Reply]> {
  yield ["/fog/silent.html", { send: () => undefined }];
  yield ["/fog/wreck.html", { ...text(500, "text/plain", "aground"), after: FAST_MS }];
  yield ["/sea/whirlpool", text(302, "text/plain", "round", { location: "/sea/whirlpool?again" })];
  const cut = (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/html", "content-length": "1000" });
    response.write("<title>Cut", () => response.destroy());
  };
  yield ["/ships/cut-cable.html", { send: cut }];
}

function text(status: number, type: string, body: string, headers: OutgoingHttpHeaders = {}): Reply {
  const head = { "content-type": type, "content-length": Buffer.byteLength(body), ...headers };
  return { send: (response) => void response.writeHead(status, head).end(body) };
}

/** The same for each page in every run. */
function paceOf(at: number): number {
  return at % 17 === 16 ? SLOW_MS : FAST_MS + ((at * 37) % SPREAD_MS);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
}
