import { describe, expect, test } from "vitest";
import { jsonLines } from "./support/command.ts";
import { onEveryRuntime } from "./support/on-every-runtime.ts";

const TIMEOUT = 30_000;

describe("the demo", () => {
  onEveryRuntime(({ run, start }) => {
    test("crawls its hundred pages, five at a time, and ends well", { timeout: TIMEOUT }, async () => {
      const ended = await run(["--json"]);
      const { pages, summary } = jsonLines(ended);
      expect(ended.code).toBe(0);
      expect(summary).toMatchObject({ outcome: "fine", exitCode: 0, pages: 100, failed: 0, cancelled: 0 });
      expect(summary).toMatchObject({ mostTasks: 5, disallowed: 1, server: { mostOpen: 5, open: 0 } });
      expect(pages.filter(({ redirects }) => redirects?.length)).not.toHaveLength(0);
      expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
    });

    test("shows people a row for each page, a timeline and what the server counted", { timeout: TIMEOUT }, async () => {
      const { code, stdout, stderr } = await run(["--limit", "7"]);
      expect(code).toBe(0);
      expect(stdout.match(/^200 .* [A-Z]/gm)).toHaveLength(100);
      expect(stdout).toMatch(/^100 pages, .* at most 7 at once$/m);
      expect(stdout).toMatch(/^lane 7 .*█/m);
      expect(stdout).toMatch(/^server: \d+ requests, most at once 7, still open 0\nall fine\n$/m);
      expect(stderr).toMatch(
        /^cohort-crawl: the demo site, 100 pages on http:\/\/127\.0\.0\.1:\d+\/, at most 7 at a time$/m,
      );
      // Colours and a moving bar are for terminals.
      expect(stdout + stderr).not.toContain("\u001B");
    });

    test("with --broken shows by name the page that took the others down", { timeout: TIMEOUT }, async () => {
      const { code, stdout } = await run(["--broken"]);
      expect(code).toBe(1);
      expect(stdout).toContain('ExceptionGroup: unhandled errors in TaskGroup "crawl" (1 sub-exception)');
      expect(stdout).toMatch(/task \/fog\/wreck\.html .*\n.*HttpError: HTTP 500 Internal Server Error/);
      expect(stdout).toMatch(/^\/fog\/silent\.html +cancelled by \/fog\/wreck\.html ~+$/m);
      expect(stdout).toMatch(/^500 \/fog\/wreck\.html \(linked from \/fog\/\)$/m);
      expect(stdout).toMatch(/still open 0\n\/fog\/wreck\.html failed and took \d pages down with it\n$/);
    });

    test(
      "with --broken --keep-going collects every failure and bounds the page that hangs",
      { timeout: TIMEOUT },
      async () => {
        const ended = await run(["--broken", "--keep-going", "--page-timeout", "400ms", "--json"]);
        const { pages, summary } = jsonLines(ended);
        expect(ended.code).toBe(1);
        expect(summary).toMatchObject({ outcome: "failed", cancelled: 0, server: { open: 0 } });
        const failed = pages.filter(({ outcome }) => outcome === "failed");
        const reasons = Object.fromEntries(failed.map(({ name, error }) => [name, error]));
        expect(reasons).toMatchObject({
          "/fog/wreck.html": "HTTP 500 Internal Server Error",
          "/fog/silent.html": "no answer within 400 ms",
          "/fog/lost.html": "HTTP 404 Not Found",
          "/ships/cut-cable.html": expect.stringMatching(/other side closed|ECONNRESET|reading a body/) as string,
          "/sea/whirlpool": expect.stringContaining("redirects in a circle") as string,
        });
        const lost = summary.broken?.find(({ name }) => name === "/fog/lost.html");
        expect(lost?.linkedFrom.sort()).toEqual(["/fog/clearing.html", "/ships/farewells.html"]);
      },
    );

    test(
      "with --timeout 300ms meets the deadline and names what was still being fetched",
      { timeout: TIMEOUT },
      async () => {
        const { code, stdout } = await run(["--timeout", "300ms"]);
        expect(code).toBe(124);
        const [, done, names] =
          /^the deadline of 300 ms passed after (\d+) pages?; still being fetched: (.+)$/m.exec(stdout) ?? [];
        expect(Number(done)).toBeLessThan(100);
        for (const name of names?.split(", ") ?? ["nothing"]) {
          expect(stdout).toMatch(new RegExp(`^–.* ${name} .*cancelled by the deadline$`, "m"));
        }
        expect(stdout).toContain("still open 0");
        expect(stdout).toMatch(/TimeoutError: TaskGroup "crawl" ran out of time/);
      },
    );

    test("stops quietly when nobody reads its output any more", { timeout: TIMEOUT }, async () => {
      const { child, ended } = start(["--json"]);
      child.stdout?.once("data", () => child.stdout?.destroy());
      const { code, stderr } = await ended;
      expect(code).toBe(141);
      expect(stderr).toMatch(/cohort-crawl: the output was closed\n$/);
      expect(stderr).not.toContain("EPIPE");
    });

    test("doesn't fall when its progress isn't read either", { timeout: TIMEOUT }, async () => {
      const { child, ended } = start(["--json"]);
      child.stderr?.destroy();
      child.stdout?.once("data", () => child.stdout?.destroy());
      expect(await ended).toMatchObject({ code: 141, signal: null });
    });
  });
});
