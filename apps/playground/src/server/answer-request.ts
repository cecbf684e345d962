import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { answerTo } from "./answer.ts";

/** How a request for something under /api ended. */
export type RequestEnd = "answered" | "left";

/**
 * Answers a request under /api: at its time, unless whoever asked has left by then. Gives undefined, and does nothing, for
 * any other request.
 */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<RequestEnd | undefined> {
  const answer = answerTo(new URL(request.url ?? "/", "http://playground.invalid"));
  if (answer === undefined) return undefined;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    await wait(answer.after, gone.signal);
    response.writeHead(answer.status, { "content-type": answer.type, "cache-control": "no-store" });
    for (const [index, chunk] of answer.chunks.entries()) {
      if (index > 0) await wait(answer.every, gone.signal);
      response.write(chunk);
    }
    response.end();
    return "answered";
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    return "left";
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < Infinity) return setTimeout(ms, undefined, { signal });
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
