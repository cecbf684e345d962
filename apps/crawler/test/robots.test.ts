import { expect, test } from "vitest";
import { fetchRobots, parseRobots } from "../src/robots.ts";
import { serve, site } from "./support/serve.ts";

const NEVER = new AbortController().signal;

test("our own group of rules counts before the one for everybody", () => {
  const robots = parseRobots(
    "http://a.example/robots.txt",
    "User-agent: *\nDisallow: /\n\nUser-agent: cohort-crawl\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 1.5\n",
  );
  expect(robots.allows("http://a.example/x")).toBe(true);
  expect(robots.allows("http://a.example/private/x")).toBe(false);
  expect(robots.allows("http://a.example/private/open")).toBe(true);
  expect(robots.crawlDelay).toBe(1500);
});

test("a site without robots.txt allows everything", async () => {
  const { origin } = await site({});
  const robots = await fetchRobots(origin, NEVER);
  expect(robots.allows(`${origin}/x`)).toBe(true);
  expect(robots.refusal).toBeUndefined();
});

test("a site that can't say what it allows isn't crawled, and we say why", async () => {
  const { origin } = await site({ "/robots.txt": { status: 503 } });
  const robots = await fetchRobots(origin, NEVER);
  expect(robots.allows(`${origin}/x`)).toBe(false);
  expect(robots.refusal).toBe(`${origin}/robots.txt can't be read: HTTP 503`);
  expect((await fetchRobots("http://127.0.0.1:9", NEVER)).refusal).toMatch(/127\.0\.0\.1:9\/robots\.txt can't be read/);
});

test("a cancelled task isn't told that robots.txt forbids", async () => {
  const { origin, untilOpen } = await serve(() => undefined);
  const controller = new AbortController();
  const robots = fetchRobots(origin, controller.signal);
  await untilOpen(1);
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(robots).rejects.toBe(reason);
});
