import { expect, test } from "vitest";
import { Site } from "../src/site.ts";

const START = new URL("http://a.example/");
const links = (...urls: string[]) => ({ title: "", urls: urls.map((url) => new URL(url, START).href), malformed: [] });

function takeAll(site: Site): string[] {
  const names: string[] = [];
  for (let step = site.peek(); step; step = site.peek()) {
    names.push(`${step.distance} ${site.nameOf(step.url)}`);
    site.take();
  }
  return names;
}

test("gives each address of the site once, in the order in which it was found", () => {
  const site = new Site(START, Infinity);
  expect(takeAll(site)).toEqual(["0 /"]);
  site.found("/", 0, links("/x", "/y?a=1", "/", "http://b.example/z"));
  site.found("/x", 1, links("/y?a=1", "/w"));
  expect(site.waiting).toBe(3);
  expect(takeAll(site)).toEqual(["1 /x", "1 /y?a=1", "2 /w"]);
  expect(site.counts).toEqual({ external: 1, disallowed: 0, beyondDepth: 0 });
});

test("remembers who links to a page, the first ten by name", () => {
  const site = new Site(START, Infinity);
  for (let n = 1; n <= 12; n++) site.found(`/page${n}`, 1, links("/x"));
  expect(site.referrers("http://a.example/x")).toEqual({
    pages: Array.from({ length: 10 }, (_, n) => `/page${n + 1}`),
    more: 2,
  });
});

test("doesn't go further than the depth, nor where robots.txt forbids it", () => {
  const site = new Site(START, 1);
  site.robots = { allows: (url) => !url.endsWith("/private"), crawlDelay: 0 };
  site.take();
  site.found("/", 0, links("/x", "/private"));
  site.found("/x", 1, links("/deeper", "/deeper", "/"));
  expect(takeAll(site)).toEqual(["1 /x"]);
  expect(site.counts).toMatchObject({ disallowed: 1, beyondDepth: 1 });
});

test("stays on the site when a page redirects", () => {
  const site = new Site(START, Infinity);
  const redirect = (from: string, to: string) => site.redirect(from, new URL(from, START), new URL(to, START));
  expect(redirect("/a", "https://a.example/")).toBe("another site");
  expect(redirect("/b", "/")).toBe("fetched already");
  expect(redirect("/c", "/new")).toBeUndefined();
  expect(redirect("/d", "/new")).toBe("fetched already");
});

test("sees two linked pages that redirect to each other", () => {
  const site = new Site(START, Infinity);
  site.found("/", 0, links("/a", "/b"));
  expect(site.redirect("/a", new URL("/a", START), new URL("/b", START))).toBe("fetched already");
  expect(() => site.redirect("/b", new URL("/b", START), new URL("/a", START))).toThrow("redirects in a circle");
});

test("forgets what has been taken, so that a long crawl's queue stays short", () => {
  const site = new Site(START, Infinity);
  site.found("/", 0, links(...Array.from({ length: 5000 }, (_, n) => `/p${n}`)));
  expect(takeAll(site)).toHaveLength(5001);
  expect(site.waiting).toBe(0);
});
