import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jsonLines } from "./support/command.ts";
import { onEveryRuntime } from "./support/on-every-runtime.ts";
import { serve, site } from "./support/serve.ts";

const TIMEOUT = 20_000;

function scratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), "crawl-"));
}

async function fileOf(lines: readonly string[]): Promise<string> {
  const file = join(await scratch(), "urls.txt");
  await writeFile(file, lines.join("\n"));
  return file;
}

describe("URLs given by hand or in a file", () => {
  onEveryRuntime(({ run }) => {
    test("are all fetched, in their order", { timeout: TIMEOUT }, async () => {
      const { origin, paths } = await site({ "/a": "<title>A</title>", "/b": "<title>B</title><a href=/c>c</a>" });
      const file = await fileOf(["# the rest", `${origin}/b`, ""]);
      const ended = await run(["--json", "--limit", "1", `${origin}/a`, "--file", file]);
      const { pages, summary } = jsonLines(ended);
      expect(ended).toMatchObject({ code: 0 });
      expect(pages.map(({ name, title }) => [name, title])).toEqual([
        [`${origin}/a`, "A"],
        [`${origin}/b`, "B"],
      ]);
      expect(summary).toMatchObject({ pages: 2, mostTasks: 1 });
      expect(paths).toEqual(["/a", "/b"]);
    });

    test("the first that fails takes the others down, by name", { timeout: TIMEOUT }, async () => {
      const server = await serve((request, response) => {
        if (request.url === "/slow") return;
        response.writeHead(500).end();
      });
      const slow = `${server.origin}/slow`;
      const bad = `${server.origin}/bad`;
      const ended = await run(["--json", slow, bad]);
      const { pages, summary } = jsonLines(ended);
      expect(ended.code).toBe(1);
      expect(pages).toMatchObject([
        { name: bad, outcome: "failed", status: 500 },
        { name: slow, outcome: "cancelled", cancelledBy: bad },
      ]);
      expect(summary.message).toBe(`${bad} failed and took 1 page down with it`);
      await server.untilOpen(0);
    });

    test("with --keep-going failures are told at the end", { timeout: TIMEOUT }, async () => {
      const { origin } = await site({ "/a": "<title>A</title>" });
      const { code, stdout } = await run(["--keep-going", `${origin}/x`, `${origin}/a`, `${origin}/y`]);
      expect(code).toBe(1);
      expect(stdout).toContain('TaskGroup "crawl" (2 sub-exceptions)');
      expect(stdout).toMatch(/^200 .*\/a .* A$/m);
      expect(stdout).toMatch(/^2 pages failed$/m);
    });

    test(
      "a line that isn't a URL is named, and what was done before is still reported",
      { timeout: TIMEOUT },
      async () => {
        const { origin, paths } = await site({ "/a": "<title>A</title>" });
        const file = await fileOf([`${origin}/a`, "", "www.example", `${origin}/never`]);
        const { code, stdout, stderr } = await run(["--quiet", "--limit", "1", "--file", file]);
        expect(code).toBe(2);
        expect(stderr).toBe(`cohort-crawl: ${file}:3: not a URL: "www.example" (http:// or https:// is needed)\n`);
        expect(stdout).toMatch(/\/a /);
        expect(paths).toEqual(["/a"]);
      },
    );

    test("with --keep-going the lines after it are fetched as well", { timeout: TIMEOUT }, async () => {
      const { origin } = await site({ "/a": "<title>A</title>" });
      const ended = await run(["--json", "--quiet", "--keep-going", "--file", "-"], {
        input: `oops\n${origin}/a\nuh\n`,
      });
      const { pages, summary } = jsonLines(ended);
      expect(ended.code).toBe(2);
      expect(ended.stderr.split("\n")).toEqual([
        'cohort-crawl: standard input:1: not a URL: "oops" (http:// or https:// is needed)',
        'cohort-crawl: standard input:3: not a URL: "uh" (http:// or https:// is needed)',
        "",
      ]);
      expect(pages).toMatchObject([{ name: `${origin}/a`, outcome: "fine" }]);
      expect(summary.exitCode).toBe(2);
    });

    test("a page that never answers is bounded by --page-timeout", { timeout: TIMEOUT }, async () => {
      const server = await serve(() => undefined);
      const { code, stdout } = await run(["--page-timeout", "200ms", server.origin]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/PageError: no answer within 200 ms/);
    });

    test("--save keeps each page, whole", { timeout: TIMEOUT }, async () => {
      const body = `<title>A</title>${"x".repeat(100_000)}`;
      const { origin } = await site({ "/a": body, "/p.png": { status: 200, type: "image/png", body: "PNG" } });
      const directory = join(await scratch(), "deep", "er");
      const { code } = await run(["--save", directory, `${origin}/a`, `${origin}/p.png`]);
      expect(code).toBe(0);
      const [host = ""] = await readdir(directory);
      const files = (await readdir(join(directory, host))).sort();
      expect(files).toEqual([
        expect.stringMatching(/^a-[0-9a-f]{16}\.html$/),
        expect.stringMatching(/^p-[0-9a-f]{16}\.png$/),
      ]);
      expect(await readFile(join(directory, host, files[0] ?? ""), "utf8")).toBe(body);
    });

    test("--save takes no half page for a whole one", { timeout: TIMEOUT }, async () => {
      const { origin } = await site({ "/a": "x".repeat(5000) });
      const directory = await scratch();
      const { code, stdout } = await run(["--save", directory, "--max-size", "1k", `${origin}/a`]);
      expect(code).toBe(1);
      expect(stdout).toContain("bigger than --max-size (1024 bytes)");
      const [host = ""] = await readdir(directory);
      expect(await readdir(join(directory, host))).toEqual([]);
    });
  });
});

describe("the command line", () => {
  onEveryRuntime(({ run }) => {
    test.each([
      // What is read from the arguments alone is the same everywhere: see arguments.test.ts.
      [["--bogus"], /unknown option/],
      [["--file", "/nowhere/urls.txt"], /no such file/],
      [["nonsense"], /not a URL/],
      [["--save", "/dev/null/x"], /--save/],
    ] as const)("bad input %j gets one line and exit code 2", { timeout: TIMEOUT }, async (args, message) => {
      const { code, stdout, stderr } = await run(args);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^cohort-crawl: .+\n$/);
      expect(stderr).toMatch(message);
    });

    test("--help tells the exit codes, --version the version", { timeout: TIMEOUT }, async () => {
      const help = await run(["--help"]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      for (const code of [0, 1, 2, 124, 130, 143, 141]) expect(help.stdout).toMatch(new RegExp(`\\b${code}\\b`));
      expect(await run(["--version"])).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      });
    });
  });
});
