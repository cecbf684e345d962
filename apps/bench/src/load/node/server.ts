import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { AsyncEvent, inspectTasks, main, requestScope } from "@cohort/node";
import { answer } from "../answer.ts";
import { Tally } from "../tally.ts";

const tally = new Tally();

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://server.invalid");
  if (pathname === "/stats") {
    response.end(JSON.stringify(await tally.stats(inspectTasks)));
    return;
  }
  try {
    await requestScope(request, response, async (scope) => {
      const reply = await answer(pathname, scope, tally);
      if (typeof reply === "string") response.end(reply);
      else await pipeline(Readable.fromWeb(reply as ReadableStream), response);
    });
  } catch (error) {
    tally.caught(error);
    if (!response.headersSent) response.writeHead(500).end("failed");
  }
}

await main(async (group) => {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));
  group.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  await new AsyncEvent().wait(group);
});
