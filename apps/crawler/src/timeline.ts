import type { Colours } from "./colours.ts";
import { CANCELLED, EVEN, FAILED, ODD } from "./lanes.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { count, duration, fit, printable } from "./printable.ts";

export interface TimelineOptions {
  colours: Colours;
  width: number;
}

/** Up to so many pages each gets a row of its own; more are drawn as lanes. */
const MOST_ROWS = 20;
const MOST_LANES = 16;

/** When each page was fetched, who failed and who was cancelled by whom, on one scale from the crawl's start to its end. */
export function drawTimeline(ledger: Ledger, { colours, width }: TimelineOptions): string {
  const label = Math.min(40, Math.floor(width / 3));
  const columns = Math.max(20, Math.min(width, 200) - label - 1);
  const row = (name: string, picture: string): string =>
    `${fit(printable(name, 2000), label).padEnd(label)} ${picture}`.trimEnd();
  const paint = painter(colours);
  const lines: string[] = [];

  const trouble = [...ledger.failed, ...ledger.cancelled];
  const few = ledger.done <= MOST_ROWS;
  if (!few) {
    const lanes = Math.min(ledger.lanes.size, MOST_LANES);
    for (let lane = 0; lane < lanes; lane++) {
      lines.push(row(`lane ${lane + 1}`, ledger.lanes.draw(lane, columns).map(paint).join("")));
    }
    if (ledger.lanes.size > lanes)
      lines.push(row("", colours.dim(`… and ${count(ledger.lanes.size - lanes, "lane")} more`)));
  }
  const rows = (few ? [...ledger.rows, ...trouble] : trouble.slice(0, MOST_ROWS)).sort((a, b) => a.start - b.start);
  for (const entry of rows) lines.push(row(entry.name, bar(entry, columns, ledger.lanes.end, colours)));
  const rest = trouble.length - MOST_ROWS;
  if (rest > 0) lines.push(row("", colours.dim(`… and ${count(rest, "page")} more that failed or were cancelled`)));
  lines.push(row("", colours.dim(`0${duration(ledger.lanes.end).padStart(columns - 1)}`)));
  return lines.join("\n");
}

export function legend(ledger: Ledger, colours: Colours): string {
  const paint = painter(colours);
  const fetched =
    ledger.done > MOST_ROWS ? `${paint(EVEN)} ${paint(ODD)} one page after the other` : `${paint(EVEN)} being fetched`;
  return `${fetched}   ${paint(FAILED)} failed   ${paint(CANCELLED)} cancelled`;
}

function painter(colours: Colours): (mark: number) => string {
  return (mark) => {
    if (mark === EVEN) return colours.green("█");
    if (mark === ODD) return colours.cyan("▒");
    if (mark === FAILED) return colours.red("✗");
    return mark === CANCELLED ? colours.yellow("~") : " ";
  };
}

/** One page's life, with what became of it beside the bar, on the side where there is room. */
function bar(entry: Entry, columns: number, end: number, colours: Colours): string {
  const scale = columns / Math.max(end, 1);
  const from = Math.min(columns - 1, Math.floor(entry.start * scale));
  const to = Math.max(from + 1, Math.min(columns, Math.ceil(entry.end * scale)));
  const mark = entry.outcome === "failed" ? FAILED : entry.outcome === "cancelled" ? CANCELLED : EVEN;
  const picture = painter(colours)(mark).repeat(to - from);
  const words = wordsFor(entry);
  if (words !== "" && from > words.length)
    return `${" ".repeat(from - 1 - words.length)}${colours.dim(words)} ${picture}`;
  const after = words !== "" && columns - to > words.length ? ` ${colours.dim(words)}` : "";
  return `${" ".repeat(from)}${picture}${after}`;
}

function wordsFor({ outcome, error, cancelledBy }: Entry): string {
  if (outcome === "cancelled") return `cancelled by ${cancelledBy}`;
  return outcome === "failed" ? printable(error instanceof Error ? error.message : String(error), 40) : "";
}
