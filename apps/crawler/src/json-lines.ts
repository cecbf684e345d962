import { brokenLinks, statusOf } from "./broken-links.ts";
import type { Entry } from "./ledger.ts";
import type { Findings } from "./report.ts";

/** A page's line, written as soon as the page has ended. */
export function pageLine({ name, url, start, end, outcome, page, error, cancelledBy }: Entry): string {
  return line({
    type: "page",
    name,
    url,
    outcome,
    status: page?.status ?? statusOf(error),
    startMs: Math.round(start),
    ms: Math.round(end - start),
    ...(page && {
      finalUrl: page.url,
      redirects: page.redirects,
      notFollowed: page.stop,
      bytes: page.bytes,
      cut: page.cut || undefined,
      title: page.title,
      links: page.links,
    }),
    ...(outcome === "failed" && { error: error instanceof Error ? error.message : String(error) }),
    cancelledBy,
  });
}

/** The last line. */
export function summaryLine({ ledger, verdict, site, demo }: Findings): string {
  return line({
    type: "summary",
    outcome: verdict.outcome,
    exitCode: verdict.exitCode,
    message: verdict.text,
    ...ledger.counts,
    ms: Math.round(ledger.elapsed),
    mostTasks: ledger.mostTasks,
    stillFetching: ledger.cancelled.map(({ name }) => name),
    ...(site && {
      ...site.counts,
      notFetched: site.waiting,
      broken: brokenLinks(ledger, site).map(({ more, ...link }) => ({ ...link, linkedFromMore: more })),
    }),
    ...(demo && { server: { requests: demo.requests, mostOpen: demo.mostOpen, open: demo.open } }),
  });
}

function line(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(value)}\n`;
}
