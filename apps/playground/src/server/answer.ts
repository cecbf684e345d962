/** What the page's server says to a request, and when: the same on the wire and in virtual time. */
export interface Answer {
  /** Ms until the first byte; Infinity: it never comes. */
  readonly after: number;
  readonly status: number;
  readonly type: "application/json" | "text/plain";
  /** The first at once, each of the others `every` ms after the one before. */
  readonly chunks: readonly string[];
  readonly every: number;
}

/** No request may keep the server longer than this, except one that asked to hang. */
const LONGEST = 60_000;
const PAGES = 15;

/** Undefined for what isn't the server's. */
export function answerTo(url: URL): Answer | undefined {
  const [, api, what = "", ...rest] = url.pathname.split("/");
  if (api !== "api") return undefined;
  try {
    const answer = rest.length > (what === "page" ? 1 : 0) ? undefined : endpoints[what]?.(url.searchParams, rest);
    return answer ?? json(404, { error: `there is no ${url.pathname}` });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return json(400, { error: error.message });
  }
}

type Endpoint = (query: URLSearchParams, rest: readonly string[]) => Answer | undefined;

const endpoints: Readonly<Record<string, Endpoint>> = {
  __proto__: null as never,
  health: () => json(200, { server: "cohort-playground" }),
  page: (query, [text = ""]) => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || n < 1 || n > PAGES) return undefined;
    // Pages take 150 to 510 ms, each always the same.
    const after = numberIn(query, "delay", 150 + ((n * 7) % 10) * 40);
    const links = [2 * n, 2 * n + 1].filter((link) => link <= PAGES).map((link) => `/api/page/${link}`);
    return json(200, { title: `Page ${n}`, links }, after);
  },
  fail: (query) => {
    const status = numberIn(query, "status", 503);
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new RangeError(`status must be from 400 to 599: ${status}`);
    return json(status, { error: `failed with ${status}, as asked` }, numberIn(query, "delay", 300));
  },
  hang: () => json(200, {}, Infinity),
  slow: (query) => {
    const count = numberIn(query, "chunks", 5);
    if (!Number.isInteger(count) || count < 1 || count > 100)
      throw new RangeError(`chunks must be from 1 to 100: ${count}`);
    const chunks = Array.from({ length: count }, (_, index) => `part ${index + 1} of ${count}\n`);
    return { after: 0, status: 200, type: "text/plain", chunks, every: numberIn(query, "every", 300) };
  },
};

function json(status: number, value: unknown, after = 0): Answer {
  return { after, status, type: "application/json", chunks: [JSON.stringify(value)], every: 0 };
}

function numberIn(query: URLSearchParams, name: string, missing: number): number {
  const text = query.get(name);
  if (text === null) return missing;
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= LONGEST))
    throw new RangeError(`${name} must be from 0 to ${LONGEST}: ${text}`);
  return value;
}
