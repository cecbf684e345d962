import robotsModule from "robots-parser";
import { connectionError } from "./page-error.ts";
import { USER_AGENT } from "./user-agent.ts";

/** What a site's robots.txt says to us. */
export interface Robots {
  allows(url: string): boolean;
  /** Milliseconds between two requests; 0 if the site doesn't ask for any. */
  crawlDelay: number;
  /** Why nothing may be fetched, if nothing may. */
  refusal?: string;
}

/** RFC 9309 lets a crawler stop reading there. */
const MAX_LENGTH = 500 * 1024;
const EVERYTHING: Robots = { allows: () => true, crawlDelay: 0 };

/** Its declarations say `export default`, but the module is the function itself. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

export function parseRobots(address: string, text: string): Robots {
  const robots = robotsParser(address, text);
  const delay = robots.getCrawlDelay(USER_AGENT) ?? 0;
  return {
    allows: (url) => robots.isAllowed(url, USER_AGENT) ?? true,
    crawlDelay: Number.isFinite(delay) && delay > 0 ? delay * 1000 : 0,
  };
}

/** RFC 9309 §2.3.1: no such file allows everything, a server that can't say allows nothing. */
export async function fetchRobots(origin: string, signal: AbortSignal): Promise<Robots> {
  const address = addressOf(origin);
  try {
    const response = await fetch(address, { signal, headers: { "user-agent": USER_AGENT } });
    if (response.ok) return parseRobots(address, await beginning(response));
    await response.body?.cancel();
    return response.status >= 500 ? unreadableRobots(origin, `HTTP ${response.status}`) : EVERYTHING;
  } catch (error) {
    signal.throwIfAborted();
    return unreadableRobots(origin, connectionError(error).message);
  }
}

export function unreadableRobots(origin: string, why: string): Robots {
  return { allows: () => false, crawlDelay: 0, refusal: `${addressOf(origin)} can't be read: ${why}` };
}

function addressOf(origin: string): string {
  return new URL("/robots.txt", origin).href;
}

async function beginning(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_LENGTH) break;
  }
  return text;
}
