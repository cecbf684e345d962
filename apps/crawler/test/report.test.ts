import { ExceptionGroup, TimeoutError } from "@cohort/node";
import { expect, test } from "vitest";
import { coloursFor } from "../src/colours.ts";
import type { Facts } from "../src/ledger.ts";
import { Ledger } from "../src/ledger.ts";
import { HttpError } from "../src/page-error.ts";
import { drawReport } from "../src/report.ts";
import { drawTable } from "../src/table.ts";
import { drawTimeline } from "../src/timeline.ts";

const colours = coloursFor({ isTTY: false }, true, {});
const page = (url: string, title = "A title"): Facts => {
  return { url, status: 200, redirects: [], html: true, bytes: 1234, cut: false, title, links: 3 };
};

function fetched(ledger: Ledger, name: string, title?: string): void {
  ledger.fetched(ledger.begin(name, `http://a.example${name}`), page(`http://a.example${name}`, title));
}

test("the table has what one wants to know of a page in one line", () => {
  const ledger = new Ledger();
  fetched(ledger, "/guide/tides.html", "Tides");
  const entry = ledger.begin("/old", "http://a.example/old");
  ledger.fetched(entry, { ...page("http://a.example/new"), redirects: ["http://a.example/old"] });
  ledger.failedWith(ledger.begin("/gone", "http://a.example/gone"), new HttpError(410, "Gone"));
  ledger.cancelledBy(ledger.begin("/late", "http://a.example/late"), "/gone");
  const rows = drawTable(ledger, { colours, width: 100 }).split("\n");
  expect(rows[0]).toMatch(/^status +ms +bytes +links +page +title$/);
  expect(rows[1]).toMatch(/^200 +\d+ +1,234 +3 +\/guide\/tides\.html +Tides$/);
  expect(rows[2]).toMatch(/^200 .* \/old +→ \/new +A title$/);
  expect(rows[3]).toMatch(/^410 .* \/gone +HTTP 410 Gone$/);
  expect(rows[4]).toMatch(/^– .* \/late +cancelled by \/gone$/);
});

test.each([60, 80, 120, 200])("table and timeline fit into %i columns", (width) => {
  const ledger = new Ledger();
  for (let n = 0; n < 30; n++)
    fetched(ledger, `/a-rather-long-address/${"x".repeat(n * 10)}.html`, "title ".repeat(20));
  ledger.cancelledBy(ledger.begin(`/${"late".repeat(50)}`, "http://a.example/"), `/${"first".repeat(50)}`);
  const lines = [
    ...drawTable(ledger, { colours, width }).split("\n"),
    ...drawTimeline(ledger, { colours, width }).split("\n"),
  ];
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, 74));
});

test("of very many pages the first are shown, and how many aren't", () => {
  const ledger = new Ledger();
  for (let n = 0; n < 3000; n++) fetched(ledger, `/${n}`);
  const rows = drawTable(ledger, { colours, width: 80 }).split("\n");
  expect(rows).toHaveLength(502);
  expect(rows.at(-1)).toBe("… and 2,500 pages more; --json prints them all");
  expect(drawTimeline(ledger, { colours, width: 80 }).split("\n")).toHaveLength(2);
});

test("a page that calls itself an escape sequence can't paint the terminal", () => {
  const ledger = new Ledger();
  fetched(ledger, "/\u001B[31m\u009B2J\nnew line", "x");
  for (const control of ["\u001B", "\u009B"]) expect(drawTable(ledger, { colours, width: 80 })).not.toContain(control);
  expect(drawTable(ledger, { colours, width: 80 }).split("\n")).toHaveLength(2);
});

test("shows a stack only for what isn't a page's own failure", () => {
  const ledger = new Ledger();
  const verdict = { outcome: "failed", exitCode: 1, text: "1 page failed" } as const;
  const report = (leaf: Error): string =>
    drawReport({ ledger, verdict, error: new ExceptionGroup("oh", [leaf]) }, colours, 80);
  expect(report(new HttpError(500, "Oh"))).toContain("HttpError: HTTP 500 Oh");
  expect(report(new HttpError(500, "Oh"))).not.toMatch(/ at .*report\.test/);
  expect(report(new TimeoutError("late"))).not.toMatch(/ at .*report\.test/);
  expect(report(new RangeError("a bug"))).toMatch(/ at .*report\.test/);
});
