import { describe, expect, test } from "vitest";
import { jsonLines } from "./support/command.ts";
import { onEveryRuntime } from "./support/on-every-runtime.ts";
import { type Pages, serve, site } from "./support/serve.ts";

const TIMEOUT = 20_000;

const PAGES: Pages = {
  "/": `<title>Home</title><a href="/a">a</a><a href="/b#part">b</a><a href="https://elsewhere.example/">out</a>`,
  "/a": `<a href="/b">b</a><a href="/deep">deep</a><img src="/missing.png"><a href="http://[oops">x</a>`,
  "/b": `<a href="/a">a</a><a href="/missing.png">m</a><a href="/private/x">p</a><a href="/moved">moved</a>`,
  "/deep": `<a href="/deeper">deeper</a>`,
  "/deeper": `<a href="/gone">gone</a>`,
  "/moved": { status: 301, location: "/" },
  "/robots.txt": { status: 200, type: "text/plain", body: "User-agent: cohort-crawl\nDisallow: /private/\n" },
};

describe("--site", () => {
  onEveryRuntime(({ run }) => {
    test("finds every broken link and who holds it, and doesn't stop at the first", { timeout: TIMEOUT }, async () => {
      const { origin, paths } = await site(PAGES);
      const { code, stdout } = await run(["--site", origin]);
      expect(code).toBe(1);
      const [, links] = /^broken links\n((?:.+\n)+)/m.exec(stdout) ?? [];
      expect(links?.trimEnd().split("\n").sort()).toEqual([
        "404 /gone (linked from /deeper)",
        expect.stringMatching(/^404 \/missing\.png \(linked from (\/a, \/b|\/b, \/a)\)$/),
        "http://[oops: not a URL (linked from /a)",
      ]);
      expect(paths.sort()).toEqual(
        ["/", "/a", "/b", "/deep", "/deeper", "/gone", "/missing.png", "/moved", "/robots.txt"].sort(),
      );
    });

    test("asks robots.txt first and leaves alone what it forbids", { timeout: TIMEOUT }, async () => {
      const { origin, paths } = await site(PAGES);
      const { summary } = jsonLines(await run(["--site", origin, "--json"]));
      expect(paths[0]).toBe("/robots.txt");
      expect(paths).not.toContain("/private/x");
      expect(summary).toMatchObject({ disallowed: 1, external: 1, redirects: 1 });
    });

    test.each([
      [0, ["/"]],
      [1, ["/", "/a", "/b"]],
      [2, ["/", "/a", "/b", "/deep", "/missing.png", "/moved"]],
    ])("--depth %i goes so many links from the start", { timeout: TIMEOUT }, async (depth, expected) => {
      const { origin, paths } = await site(PAGES);
      await run(["--site", origin, "--depth", String(depth)]);
      expect(paths.slice(1).sort()).toEqual(expected.sort());
    });

    test("a page found first on a detour still counts from where it is nearest", { timeout: TIMEOUT }, async () => {
      // "/slow" holds the short way to "/target"; the detour over "/x" and "/y" is found while it is being fetched.
      const pages: Readonly<Record<string, string>> = {
        "/": `<a href="/x"><a href="/slow">`,
        "/x": `<a href="/y">`,
        "/y": `<a href="/target">`,
        "/slow": `<a href="/target">`,
        "/target": `<a href="/last">`,
        "/last": "",
      };
      const { origin, paths } = await serve((request, response) => {
        const html = pages[request.url ?? ""];
        const answer = () =>
          response.writeHead(html === undefined ? 404 : 200, { "content-type": "text/html" }).end(html);
        setTimeout(answer, request.url === "/slow" ? 300 : 0);
      });
      const { code } = await run(["--site", origin, "--depth", "3"]);
      expect(code).toBe(0);
      expect(paths).toContain("/last");
    });

    test("keeps the pause that robots.txt asks for, one page after the other", { timeout: TIMEOUT }, async () => {
      const starts: number[] = [];
      const server = await serve((request, response) => {
        const robots = request.url === "/robots.txt";
        if (!robots) starts.push(performance.now());
        const body = robots ? "User-agent: *\nCrawl-delay: 0.2" : `<a href="/1"><a href="/2"><a href="/3">`;
        response.writeHead(200, { "content-type": robots ? "text/plain" : "text/html" }).end(body);
      });
      const { code } = await run(["--site", server.origin]);
      expect(code).toBe(0);
      expect(starts).toHaveLength(4);
      expect((starts[3] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(450);
    });

    test("a site that keeps us out says so", { timeout: TIMEOUT }, async () => {
      const closed = await site({
        "/robots.txt": { status: 200, type: "text/plain", body: "User-agent: *\nDisallow: /" },
      });
      const ended = await run(["--site", closed.origin]);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain(`robots.txt of ${closed.origin} keeps us out of /`);
      expect(closed.paths).toEqual(["/robots.txt"]);
      const unsure = await site({ "/robots.txt": { status: 500 } });
      expect((await run(["--site", unsure.origin])).stdout).toContain("robots.txt can't be read: HTTP 500");
    });

    test("goes with the front door when it has moved to another host", { timeout: TIMEOUT }, async () => {
      const there = await site({ "/": `<a href="/x">`, "/x": "", "/robots.txt": { status: 404 } });
      const here = await site({ "/": { status: 301, location: `${there.origin}/` } });
      const ended = await run(["--site", here.origin, "--json"]);
      expect(ended.code).toBe(0);
      expect(jsonLines(ended).summary).toMatchObject({ pages: 2, external: 0 });
      expect(there.paths).toEqual(["/robots.txt", "/", "/x"]);
    });

    test("a circle of redirects between linked pages is a broken link", { timeout: TIMEOUT }, async () => {
      const { origin } = await site({
        "/": `<a href="/a"><a href="/b">`,
        "/a": { status: 302, location: "/b" },
        "/b": { status: 302, location: "/a" },
      });
      const { summary } = jsonLines(await run(["--site", origin, "--json"]));
      expect(summary.broken).toMatchObject([
        { why: expect.stringContaining("redirects in a circle") as string, linkedFrom: ["/"] },
      ]);
    });
  });
});
