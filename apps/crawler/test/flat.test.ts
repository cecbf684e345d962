import { createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { jsonLines, run } from "./support/command.ts";
import { serve } from "./support/serve.ts";

const PAGES = 5_000;

test(`of ${PAGES} URLs in a file no more are alive than the limit`, { timeout: 300_000 }, async () => {
  const server = await serve((request, response) => {
    // Every second page is missing: failures mustn't pile up either.
    const found = Number(request.url?.slice(1)) % 2 === 0;
    response
      .writeHead(found ? 200 : 404, { "content-type": "text/html", "content-length": 16 })
      .end("<title>x</title>");
  });
  const file = join(await mkdtemp(join(tmpdir(), "crawl-")), "urls.txt");
  const lines = Readable.from(Array.from({ length: PAGES }, (_, n) => `${server.origin}/${n}\n`));
  await pipeline(lines, createWriteStream(file));
  const ended = await run(["--keep-going", "--limit", "8", "--json", "--file", file]);
  const { pages, summary } = jsonLines(ended);
  expect(ended.code).toBe(1);
  expect(pages).toHaveLength(PAGES);
  expect(summary).toMatchObject({ pages: PAGES / 2, failed: PAGES / 2, mostTasks: 8 });
  expect(server.mostOpen).toBeLessThanOrEqual(8);
});
