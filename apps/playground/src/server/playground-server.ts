import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";
import { answerRequest, type RequestEnd } from "./answer-request.ts";

export interface PlaygroundServerOptions {
  /** The folder of the built page. */
  readonly files: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Is told of each request under /api when it has ended. */
  onRequest?(path: string, end: RequestEnd): void;
}

export interface PlaygroundServer {
  readonly url: URL;
  /** Ends every connection and resolves when all are closed. */
  close(): Promise<void>;
}

/** Serves the page and what its programs ask for, on this machine alone. Rejects if it can't listen on the port. */
export async function openPlaygroundServer(options: PlaygroundServerOptions): Promise<PlaygroundServer> {
  const files = sirv(options.files, { etag: true });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    answerRequest(request, response).then(
      (end) => {
        if (end !== undefined) return options.onRequest?.(path, end);
        files(request, response, () => notFound(response));
      },
      // Its connection is all that a failed answer costs.
      () => response.destroy(),
    );
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
