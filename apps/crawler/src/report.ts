import { stripVTControlCharacters } from "node:util";
import { ExceptionGroup, formatException, TimeoutError } from "./cohort.ts";
import { type BrokenLink, brokenLinks } from "./broken-links.ts";
import type { Colours } from "./colours.ts";
import type { DemoSite } from "./demo-site.ts";
import type { Ledger } from "./ledger.ts";
import { PageError } from "./page-error.ts";
import { count, duration, printable } from "./printable.ts";
import type { Site } from "./site.ts";
import { drawTable } from "./table.ts";
import { drawTimeline, legend } from "./timeline.ts";
import type { Verdict } from "./verdict.ts";

/** Everything there is to say when the crawl is over. */
export interface Findings {
  ledger: Ledger;
  verdict: Verdict;
  error: unknown;
  site?: Site | undefined;
  demo?: DemoSite | undefined;
}

/** More leaves than this make no tree that anybody reads. */
const MOST_LEAVES = 20;

const STACK_LINE = /^[│\s]*at \S/;

export function drawReport(findings: Findings, colours: Colours, width: number): string {
  const { ledger, verdict, error, site, demo } = findings;
  const parts: string[] = [];
  if (ledger.done > 0) {
    parts.push(drawTable(ledger, { colours, width }));
    parts.push(`${colours.bold("timeline")}   ${legend(ledger, colours)}\n${drawTimeline(ledger, { colours, width })}`);
  }
  if (error !== undefined && verdict.outcome !== "interrupted") {
    parts.push(`${colours.bold("what came out of the group")}\n${exceptionTree(error, colours)}`);
  }
  const broken = site ? brokenLinks(ledger, site) : [];
  if (broken.length > 0) parts.push(`${colours.bold("broken links")}\n${broken.map(brokenLine).join("\n")}`);
  const tint = verdict.outcome === "fine" ? colours.green : colours.red;
  parts.push([...summaryLines(ledger, site, demo), tint(verdict.text)].join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function exceptionTree(error: unknown, colours: Colours): string {
  const leaves = error instanceof ExceptionGroup ? Array.from(error.leaves(), (leaf) => leaf.error) : [error];
  if (leaves.length > MOST_LEAVES) return `${(error as ExceptionGroup).message}, which the table names`;
  const tree = formatException(error, { colour: colours.isColorSupported });
  // Where in this program a page's failure was thrown says nothing to its user; of anything else the stack is wanted.
  if (!leaves.every((leaf) => leaf instanceof PageError || leaf instanceof TimeoutError)) return tree;
  const lines = tree.split("\n");
  return lines.filter((line) => !STACK_LINE.test(stripVTControlCharacters(line))).join("\n");
}

function brokenLine({ status, name, why, linkedFrom, more }: BrokenLink): string {
  const page = printable(name, 2000);
  const what = status !== undefined && status >= 400 ? `${status} ${page}` : `${page}: ${printable(why)}`;
  if (linkedFrom.length === 0) return what;
  const others = more > 0 ? ` and ${count(more, "more page", "more pages")}` : "";
  return `${what} (linked from ${linkedFrom.map((holder) => printable(holder, 2000)).join(", ")}${others})`;
}

function summaryLines(ledger: Ledger, site: Site | undefined, demo: DemoSite | undefined): string[] {
  const { pages, otherFiles, redirects, failed, cancelled, bytes } = ledger.counts;
  const parts = [
    count(pages, "page"),
    redirects > 0 && count(redirects, "redirect"),
    otherFiles > 0 && count(otherFiles, "other file"),
    failed > 0 && `${failed.toLocaleString("en")} failed`,
    cancelled > 0 && `${cancelled.toLocaleString("en")} cancelled`,
  ];
  const lines = [
    `${parts.filter(Boolean).join(", ")}; ${bytes.toLocaleString("en")} bytes in ${duration(ledger.elapsed)}, at most ${ledger.mostTasks} at once`,
  ];
  if (site) {
    const { external, disallowed, beyondDepth } = site.counts;
    const left = [
      site.waiting > 0 && `${count(site.waiting, "page")} found but not fetched`,
      disallowed > 0 && `${count(disallowed, "page")} left alone for robots.txt`,
      beyondDepth > 0 && `${count(beyondDepth, "link")} beyond --depth not checked`,
      external > 0 && `${count(external, "link")} to other hosts not checked`,
    ].filter(Boolean);
    if (left.length > 0) lines.push(left.join(", "));
  }
  if (demo)
    lines.push(`server: ${count(demo.requests, "request")}, most at once ${demo.mostOpen}, still open ${demo.open}`);
  return lines;
}
