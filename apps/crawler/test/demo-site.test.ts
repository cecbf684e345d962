import { expect, onTestFinished, test } from "vitest";
import { demoPages } from "../src/demo-pages.ts";
import { serveDemoSite } from "../src/demo-site.ts";
import { LinkReader } from "../src/links.ts";

function linksOf(html: string, path: string): string[] {
  const reader = new LinkReader();
  reader.write(html);
  return reader.end(new URL(path, "http://demo.invalid")).urls.map((url) => new URL(url).pathname);
}

test("has a hundred pages with a title each, and no two alike", () => {
  const pages = demoPages(false);
  expect(pages).toHaveLength(100);
  expect(new Set(pages.map(({ path }) => path)).size).toBe(100);
  expect(new Set(pages.map(({ html }) => html)).size).toBe(100);
  for (const { html } of pages) expect(html).toMatch(/<title>[^<]+Handbook<\/title>/);
});

test("all its pages are real, reachable and whole", async () => {
  const site = await serveDemoSite();
  onTestFinished(() => site.close());
  const known = new Set(demoPages(false).map(({ path }) => path));
  const linked = new Set(demoPages(false).flatMap(({ html, path }) => linksOf(html, path)));
  const elsewhere = [...linked].filter((path) => !known.has(path));
  for (const path of elsewhere) {
    if (path === "/keeper/diary.html") continue;
    const response = await fetch(new URL(path, site.url));
    expect([path, response.status]).toEqual([path, 200]);
    if (response.redirected) linked.add(new URL(response.url).pathname);
  }
  expect([...known].filter((path) => !linked.has(path))).toEqual([]);
  await site.idle();
  expect(site.open).toBe(0);
});
