import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import sirv from "sirv";
import { expect, test } from "vitest";
import { jsonLines, run } from "./support/command.ts";
import { serve } from "./support/serve.ts";

// npm's own documentation, as its package carries it: with links in them that really are broken.
const ROOT = join(dirname(createRequire(import.meta.url).resolve("npm/package.json")), "docs/output");
const START = "/commands/npm.html";
const HOST = "http://docs.invalid";

interface Walked {
  files: Set<string>;
  /** Address by address the pages that link to what isn't there. */
  broken: Map<string, Set<string>>;
}

/** The truth, found without the crawler: files instead of a server, another parser, no concurrency. */
function walk(): Walked {
  const files = new Set([START]);
  const broken = new Map<string, Set<string>>();
  for (const page of files) {
    if (!page.endsWith(".html")) continue;
    for (const { pathname, search } of internalLinks(page)) {
      if (isFile(pathname)) files.add(pathname);
      else broken.set(pathname + search, (broken.get(pathname + search) ?? new Set()).add(page));
    }
  }
  return { files, broken };
}

function isFile(pathname: string): boolean {
  return statSync(join(ROOT, decodeURIComponent(pathname)), { throwIfNoEntry: false })?.isFile() ?? false;
}

function internalLinks(page: string): URL[] {
  const links: URL[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("attrs" in node) {
      for (const { name, value } of node.attrs) {
        if (name !== "href" && name !== "src") continue;
        if (URL.canParse(value, HOST + page)) links.push(new URL(value, HOST + page));
      }
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(readFileSync(join(ROOT, page), "utf8")));
  return links.filter(({ origin }) => origin === HOST);
}

test("the broken links it reports on a real site are exactly those that are broken", { timeout: 60_000 }, async () => {
  const { files, broken } = walk();
  expect(files.size).toBeGreaterThan(50);
  expect(broken.size).toBeGreaterThan(5);

  const answer = sirv(ROOT, { dev: true, extensions: [] });
  const { origin } = await serve((request, response) => {
    answer(request, response, () => void response.writeHead(404, { "content-type": "text/html" }).end("<title>404"));
  });
  const ended = await run(["--site", origin + START, "--limit", "10", "--json"]);
  const { summary } = jsonLines(ended);

  expect(ended.code).toBe(1);
  expect(summary.pages + summary.otherFiles).toBe(files.size);
  expect(summary.broken?.map(({ name }) => name).sort()).toEqual([...broken.keys()].sort());
  for (const { name, status, linkedFrom, linkedFromMore } of summary.broken ?? []) {
    const holders = broken.get(name) ?? new Set();
    expect(status).toBe(404);
    expect(linkedFrom.length + linkedFromMore).toBe(holders.size);
    expect(linkedFrom.filter((page) => !holders.has(page))).toEqual([]);
  }
});
