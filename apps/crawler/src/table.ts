import Table from "cli-table3";
import { statusOf } from "./broken-links.ts";
import type { Colours } from "./colours.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { count, fit, printable } from "./printable.ts";

export interface TableOptions {
  colours: Colours;
  width: number;
}

const STATUS = 8;
const MS = 8;
const BYTES = 11;
const LINKS = 7;
const BORDERS =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle";
const NO_BORDERS = Object.fromEntries(BORDERS.split(" ").map((name) => [name, ""]));

/** A row for each page in the order in which they ended, what went wrong last. */
export function drawTable(ledger: Ledger, { colours, width }: TableOptions): string {
  const text = Math.max(40, width - STATUS - MS - BYTES - LINKS);
  const nameWidth = Math.floor(text / 2);
  const table = new Table({
    head: ["status", "ms", "bytes", "links", "page", "title"].map((head) => colours.dim(head)),
    colAligns: ["left", "right", "right", "right", "left", "left"],
    colWidths: [STATUS, MS, BYTES, LINKS, nameWidth, text - nameWidth],
    chars: NO_BORDERS,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
  });
  const rows = [...ledger.rows, ...ledger.failed, ...ledger.cancelled];
  for (const entry of rows) {
    const { start, end, page } = entry;
    const numbers = [end - start, page?.bytes, page?.links].map((n) =>
      n === undefined ? "" : Math.round(n).toLocaleString("en"),
    );
    table.push([status(entry, colours), ...numbers, fit(printable(entry.name, 2000), nameWidth - 2), note(entry)]);
  }
  const lines = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  const left = ledger.done - rows.length;
  if (left > 0) lines.push(colours.dim(`… and ${count(left, "page")} more; --json prints them all`));
  return lines.join("\n");
}

function status({ outcome, page, error }: Entry, colours: Colours): string {
  if (outcome === "cancelled") return colours.yellow("–");
  if (outcome === "failed") return colours.red(String(statusOf(error) ?? "✗"));
  const code = String(page?.status ?? "");
  return page?.redirects.length ? colours.cyan(code) : colours.green(code);
}

function note({ outcome, page, error, cancelledBy }: Entry): string {
  if (outcome === "cancelled") return `cancelled by ${cancelledBy}`;
  if (outcome === "failed") return printable(error instanceof Error ? error.message : String(error), 2000);
  if (!page) return "";
  if (page.stop) return `→ ${page.url} (${page.stop})`;
  const way = page.redirects.length > 0 ? `→ ${new URL(page.url).pathname}` : undefined;
  return [way, page.cut && "(cut)", page.title].filter(Boolean).join("  ");
}
