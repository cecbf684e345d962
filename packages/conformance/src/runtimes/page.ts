import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Script } from "./host-runtime.ts";
import type { Message } from "./message.ts";

/** A page on this machine whose script is the suite, and which posts what it finds. */
export interface Page {
  readonly url: string;
  close(): void;
}

const HTML = '<!doctype html><meta charset="utf-8"><title>suite</title><script type="module" src="/suite.js"></script>';

/** Serves the page on a port of the loopback that was free. */
export async function servePage({ code, mark }: Script, receive: (message: Message) => void): Promise<Page> {
  const server = createServer((request, response) => {
    if (request.method === "POST" && request.url === mark) {
      void textOf(request).then((text) => {
        response.end();
        receive(JSON.parse(text) as Message);
      });
    } else if (request.url === "/suite.js") {
      response.setHeader("content-type", "text/javascript; charset=utf-8").end(code);
    } else if (request.url === "/") {
      response.setHeader("content-type", "text/html").end(HTML);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part as string;
  return text;
}
