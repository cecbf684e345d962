import { discard, isHtml, readBody } from "./body.ts";
import { httpUrl } from "./http-url.ts";
import type { PageLinks } from "./links.ts";
import { connectionError, HttpError, PageError } from "./page-error.ts";
import { printable } from "./printable.ts";
import type { PageSaver } from "./save.ts";
import { USER_AGENT } from "./user-agent.ts";

/** What came of fetching one address. */
export interface Page {
  /** Where it really was, after redirects. */
  url: string;
  status: number;
  /** The addresses that sent us on, in order. */
  redirects: string[];
  /** Why we didn't go where the last of them pointed. */
  stop?: RedirectStop;
  html: boolean;
  bytes: number;
  /** Bigger than --max-size: the rest wasn't read. */
  cut: boolean;
  links?: PageLinks;
}

/** Whether to go where a redirect points. */
export type RedirectStop = "fetched already" | "another site" | "robots.txt";

export interface FetchOptions {
  signal: AbortSignal;
  maxBytes: number;
  saver?: PageSaver | undefined;
  onRedirect?: ((from: URL, target: URL) => Promise<RedirectStop | undefined>) | undefined;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const HEADERS = { "user-agent": USER_AGENT, accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** Fetches one address. Redirects are followed by hand: fetch() alone shows neither the way nor a loop in it. */
export async function fetchPage(start: URL, options: FetchOptions): Promise<Page> {
  const redirects: string[] = [];
  for (let url = start; ;) {
    const response = await request(url, options.signal);
    const { status } = response;
    if (!REDIRECTS.has(status)) return read(url, redirects, response, options);
    const target = redirectTarget(url, response);
    await discard(response);
    redirects.push(url.href);
    if (redirects.includes(target.href)) {
      throw new PageError(`redirects in a circle: ${[...redirects, target.href].join(" → ")}`, { status });
    }
    if (redirects.length > MAX_REDIRECTS) throw new PageError(`more than ${MAX_REDIRECTS} redirects`, { status });
    const stop = await options.onRedirect?.(url, target);
    if (stop) return { url: target.href, status, redirects, stop, html: false, bytes: 0, cut: false };
    url = target;
  }
}

async function request(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, redirect: "manual", headers: HEADERS });
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error);
  }
}

function redirectTarget(url: URL, { status, headers }: Response): URL {
  const location = headers.get("location");
  if (location === null) throw new PageError(`HTTP ${status} without a Location`, { status });
  const target = httpUrl(location, url);
  if (!target) throw new PageError(`redirects to what can't be fetched: ${printable(location)}`, { status });
  return target;
}

async function read(url: URL, redirects: string[], response: Response, options: FetchOptions): Promise<Page> {
  const { status } = response;
  if (status >= 400) {
    await discard(response);
    throw new HttpError(status, response.statusText, redirects.length > 0 ? url : undefined);
  }
  const html = isHtml(response);
  try {
    return { url: url.href, status, redirects, html, ...(await readBody(url, response, html, options)) };
  } catch (error) {
    options.signal.throwIfAborted();
    throw error instanceof PageError ? error : connectionError(error);
  }
}
