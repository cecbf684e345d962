import { expect, test } from "vitest";
import { Ledger } from "../src/ledger.ts";

const PAGE = { url: "http://a.example/", status: 200, redirects: [], html: true, bytes: 2, cut: false };

test("counts what came of each page", () => {
  const ended: string[] = [];
  const ledger = new Ledger(({ name, outcome }) => void ended.push(`${name} ${outcome}`));
  const entries = ["/a", "/b", "/c", "/d", "/e"].map((name) => ledger.begin(name, PAGE.url));
  expect([...ledger.inFlight].map(({ name }) => name)).toEqual(["/a", "/b", "/c", "/d", "/e"]);
  const [a, b, c, d, e] = entries;
  if (!a || !b || !c || !d || !e) throw new Error("five");
  ledger.fetched(b, PAGE);
  ledger.fetched(a, { ...PAGE, html: false });
  ledger.failedWith(c, new Error("no"));
  ledger.cancelledBy(d, "/c");
  ledger.fetched(e, { ...PAGE, html: false, bytes: 0, stop: "another site" });
  expect(ledger.counts).toEqual({ pages: 1, otherFiles: 1, redirects: 1, failed: 1, cancelled: 1, bytes: 4 });
  expect(ended).toEqual(["/b fine", "/a fine", "/c failed", "/d cancelled", "/e fine"]);
  expect(ledger.inFlight.size).toBe(0);
});

test("what it remembers of a long crawl is bounded", () => {
  const ledger = new Ledger();
  for (let n = 0; n < 100_000; n++) {
    const entry = ledger.begin(`/${n}`, PAGE.url);
    if (n % 3 === 0) ledger.fetched(entry, PAGE);
    else if (n % 3 === 1) ledger.failedWith(entry, new Error("no"));
    else ledger.cancelledBy(entry, "somebody");
  }
  expect(ledger.done).toBe(100_000);
  expect([ledger.rows.length, ledger.failed.length, ledger.cancelled.length]).toEqual([500, 1000, 1000]);
  expect([ledger.inFlight.size, ledger.lanes.size, ledger.full]).toEqual([0, 1, true]);
});
