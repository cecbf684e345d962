import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fetchPage, type Page } from "../src/fetch-page.ts";
import { connectionError, HttpError, PageError } from "../src/page-error.ts";
import { serve, site } from "./support/serve.ts";

const signal = new AbortController().signal;

function get(url: string, maxBytes = 1e6): Promise<Page> {
  return fetchPage(new URL(url), { signal, maxBytes });
}

test("follows redirects and tells the way", async () => {
  const { origin } = await site({
    "/a": { status: 301, location: "b" },
    "/b": { status: 307, location: "/c#part" },
    "/c": "<title>There</title><a href=x>",
  });
  expect(await get(`${origin}/a`)).toMatchObject({
    url: `${origin}/c`,
    status: 200,
    redirects: [`${origin}/a`, `${origin}/b`],
    links: { title: "There", urls: [`${origin}/x`] },
  });
});

test("sees a circle of redirects, an endless way and one that leads nowhere", async () => {
  const { origin } = await serve((request, response) => {
    const path = request.url ?? "";
    const step = Number(/^\/step(\d+)$/.exec(path)?.[1]);
    const locations: Record<string, string> = { "/a": "/b", "/b": "/a", "/mail": "mailto:x@y.example" };
    const location = Number.isNaN(step) ? locations[path] : `/step${step + 1}`;
    response.writeHead(302, location === undefined ? {} : { location }).end();
  });
  await expect(get(`${origin}/a`)).rejects.toThrow(`redirects in a circle: ${origin}/a → ${origin}/b → ${origin}/a`);
  await expect(get(`${origin}/step0`)).rejects.toThrow("more than 10 redirects");
  await expect(get(`${origin}/nowhere`)).rejects.toThrow("HTTP 302 without a Location");
  await expect(get(`${origin}/mail`)).rejects.toThrow("redirects to what can't be fetched: mailto:x@y.example");
});

test("an answer of 400 or more is a failure with its status, and says where redirects had led", async () => {
  const { origin } = await site({ "/moved": { status: 302, location: "/gone" }, "/gone": { status: 410 } });
  const error = await get(`${origin}/moved`).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HttpError);
  expect(error).toMatchObject({ status: 410, message: `HTTP 410 Gone at ${origin}/gone` });
});

test("says what the network said, not that the fetch failed", async () => {
  const { origin } = await serve((_, response) => response.destroy());
  await expect(get(`${origin}/`)).rejects.toThrow(PageError);
  await expect(get(`${origin}/`)).rejects.toThrow(/other side closed|ECONNRESET/);
  await expect(get("http://127.0.0.1:9")).rejects.toThrow("bad port");
  await expect(get("http://nowhere.invalid")).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  const both = new AggregateError([
    new Error("connect ECONNREFUSED ::1:80"),
    new Error("connect ECONNREFUSED 127.0.0.1:80"),
  ]);
  expect(connectionError(new TypeError("fetch failed", { cause: both })).message).toBe("connect ECONNREFUSED ::1:80");
});

test("reads no more of a page than --max-size, also when it comes compressed", async () => {
  const { origin } = await serve((_, response) => {
    const body = gzipSync(`<title>Big</title>${"<p>".repeat(1e6)}`);
    response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" }).end(body);
  });
  const page = await get(`${origin}/`, 100_000);
  expect(page).toMatchObject({ cut: true, links: { title: "Big" } });
  expect(page.bytes).toBeLessThan(200_000);
});

test("of what isn't HTML only the head is read", async () => {
  const { origin, untilOpen } = await serve((_, response) => {
    response.writeHead(200, { "content-type": "video/mp4", "content-length": "1000000000" }).write("x");
  });
  const page = await get(`${origin}/film.mp4`);
  expect(page).toMatchObject({ html: false, bytes: 1_000_000_000 });
  expect(page.links).toBeUndefined();
  // The rest was refused, or this would wait for ever.
  await untilOpen(0);
});

test("a short answer nobody wants doesn't cost a connection each", async () => {
  const ports = new Set<number | undefined>();
  const { origin } = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.writeHead(404, { "content-length": 4 }).end("gone");
  });
  for (let n = 0; n < 20; n++) await expect(get(`${origin}/${n}`)).rejects.toThrow("HTTP 404");
  expect(ports.size).toBeLessThan(4);
});

test("reads a page in the character set it says it has", async () => {
  const { origin } = await serve((_, response) => {
    const body = Buffer.from("<title>Lübeck</title>", "latin1");
    response.writeHead(200, { "content-type": 'text/html; charset="ISO-8859-1"' }).end(body);
  });
  expect((await get(`${origin}/`)).links?.title).toBe("Lübeck");
});

test("a cancellation comes out as it went in, not as a failed page", async () => {
  const reason = new Error("enough");
  for (const answer of ["nothing", "half"]) {
    const server = await serve((_, response) => {
      if (answer === "half") response.writeHead(200, { "content-type": "text/html" }).write("<p>");
    });
    const controller = new AbortController();
    const page = fetchPage(new URL(server.origin), { signal: controller.signal, maxBytes: 1e6 });
    await server.untilOpen(1);
    controller.abort(reason);
    await expect(page).rejects.toBe(reason);
    await server.untilOpen(0);
  }
});
