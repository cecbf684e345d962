import type { Ledger } from "./ledger.ts";
import { PageError } from "./page-error.ts";
import type { Site } from "./site.ts";

export interface BrokenLink {
  status: number | undefined;
  name: string;
  url: string;
  why: string;
  linkedFrom: string[];
  /** Linked from so many other pages as well. */
  more: number;
}

/** The site's broken links, each with the pages that hold it. */
export function brokenLinks(ledger: Ledger, site: Site): BrokenLink[] {
  const failed = ledger.failed.map(({ name, url, error }): BrokenLink => {
    const { pages, more } = site.referrers(url);
    const why = error instanceof Error ? error.message : String(error);
    return { status: statusOf(error), name, url, why, linkedFrom: pages, more };
  });
  const malformed = site.malformed.map(({ href, page }): BrokenLink => {
    return { status: undefined, name: href, url: href, why: "not a URL", linkedFrom: [page], more: 0 };
  });
  return [...failed, ...malformed];
}

/** What the server answered, if it is what failed. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof PageError ? error.status : undefined;
}
