import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What an upstream does with a request: answers after a while (ms), or never, or cuts the connection. */
export type Reply = "hang" | "cut" | { readonly after?: number; readonly status?: number; readonly body?: unknown };

/** What became of a request, as the upstream saw it. */
export interface Exchange {
  readonly upstream: string;
  readonly method: string;
  readonly path: string;
  /** What the gateway calls the request that it asks for. */
  readonly requestId: string;
  /** "closed": whoever asked has closed the connection without waiting for the answer. */
  readonly end: "answered" | "closed";
  readonly status: number | undefined;
  readonly ms: number;
  readonly body: string;
}

/** One of the servers behind the gateway, which counts from its own side. */
export interface Upstream extends AsyncDisposable {
  readonly url: string;
  /** What was asked for, in the order in which it came. */
  readonly asked: readonly Pick<Exchange, "path" | "requestId">[];
  readonly exchanges: readonly Exchange[];
  /** Requests that are neither answered nor given up by whoever asked. */
  readonly open: number;
  readonly mostOpen: number;
  /** Resolves when the condition holds; it is looked at whenever a request comes or ends. */
  until(condition: (upstream: Upstream) => boolean): Promise<void>;
}

export type Replier = (path: string, body: string) => Reply | Promise<Reply>;

export async function serveUpstream(
  name: string,
  replyTo: Replier,
  onEnd: (exchange: Exchange) => void = () => {},
): Promise<Upstream> {
  const asked: Pick<Exchange, "path" | "requestId">[] = [];
  const exchanges: Exchange[] = [];
  const counts = { open: 0, mostOpen: 0 };
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const start = performance.now();
    const requestId = String(request.headers["x-request-id"]);
    asked.push({ path, requestId });
    counts.mostOpen = Math.max(counts.mostOpen, ++counts.open);
    changed();
    const body = textOf(request);
    response.once("close", () => {
      counts.open--;
      const answered = response.writableFinished;
      const exchange: Exchange = {
        upstream: name,
        method: request.method ?? "GET",
        path,
        requestId,
        end: answered ? "answered" : "closed",
        status: answered ? response.statusCode : undefined,
        ms: Math.round(performance.now() - start),
        body: body.soFar(),
      };
      exchanges.push(exchange);
      onEnd(exchange);
      changed();
    });
    void body.whole.then(async (text) => reply(response, await replyTo(path, text)));
  });

  // Closed after 5 s of idleness, as Node would, a connection may be gone at the very moment that the gateway uses it again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    exchanges,
    get open() {
      return counts.open;
    },
    get mostOpen() {
      return counts.mostOpen;
    },
    until: (condition) =>
      new Promise((resolve) => {
        const watch = (): void => {
          if (!condition(upstream)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

function reply(response: ServerResponse, what: Reply): void {
  if (what === "hang") return;
  if (what === "cut") return void response.destroy();
  const timer = setTimeout(() => {
    const text = typeof what.body === "string" ? what.body : JSON.stringify(what.body ?? null);
    response.writeHead(what.status ?? 200, { "content-type": "application/json" }).end(text);
  }, what.after ?? 0);
  response.once("close", () => clearTimeout(timer));
}

/** `whole` never settles for a request that was cut: nobody is there to be answered. */
function textOf(request: IncomingMessage): { readonly whole: Promise<string>; soFar(): string } {
  let text = "";
  const whole = new Promise<string>((resolve) => {
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.once("end", () => resolve(text));
  });
  return { whole, soFar: () => text };
}
