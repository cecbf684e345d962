import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPlaygroundServer, type PlaygroundServer } from "../src/server/playground-server.ts";

describe("the page's server", () => {
  let files: string;
  let server: PlaygroundServer;
  const ends: string[] = [];
  let heard = (): void => {};

  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), "playground-files-"));
    await writeFile(join(files, "index.html"), "<title>the page</title>");
    server = await openPlaygroundServer({
      files,
      port: 0,
      onRequest(path, end) {
        ends.push(`${path} ${end}`);
        heard();
      },
    });
  });

  afterAll(async () => {
    await server.close();
    await rm(files, { recursive: true });
  });

  /** Resolves when a request has ended this way. */
  async function ended(entry: string): Promise<void> {
    while (!ends.includes(entry)) await new Promise<void>((resolve) => (heard = resolve));
  }

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, server.url), init);

  test("serves the built page, and 404 for what isn't there", async () => {
    expect(await (await get("/")).text()).toBe("<title>the page</title>");
    expect((await get("/nothing")).status).toBe(404);
  });

  test("says of itself that it is the page's", async () => {
    expect(await (await get("/api/health")).json()).toEqual({ server: "cohort-playground" });
  });

  test("has pages that link to each other, a closed set", async () => {
    const seen = new Set<string>();
    const open = ["/api/page/1"];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await get(`${path}?delay=0`);
      expect(response.status).toBe(200);
      open.push(...((await response.json()) as { links: string[] }).links);
    }
    expect(seen.size).toBe(15);
  });

  test("waits as long as it is asked to before it answers", async () => {
    const before = performance.now();
    await get("/api/page/1?delay=120");
    expect(performance.now() - before).toBeGreaterThanOrEqual(115);
  });

  test("fails as it is asked to", async () => {
    expect((await get("/api/fail?delay=0")).status).toBe(503);
    expect((await get("/api/fail?delay=0&status=418")).status).toBe(418);
  });

  test("sends a slow answer in parts", async () => {
    const response = await get("/api/slow?chunks=3&every=5");
    expect(await response.text()).toBe("part 1 of 3\npart 2 of 3\npart 3 of 3\n");
  });

  test("hangs until whoever asked leaves, and notices that", async () => {
    const leave = new AbortController();
    const answer = get("/api/hang", { signal: leave.signal });
    // It has come when another request, made later, has been answered.
    await get("/api/health");
    leave.abort();
    await expect(answer).rejects.toThrow();
    await ended("/api/hang left");
  });

  test("stops a slow answer when whoever asked leaves in the middle", async () => {
    const leave = new AbortController();
    const response = await get("/api/slow?chunks=100&every=1000", { signal: leave.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    leave.abort();
    await ended("/api/slow?chunks=100&every=1000 left");
  });

  test.each([
    ["/api/page/1?delay=-1", 400],
    ["/api/page/1?delay=", 400],
    ["/api/page/1?delay=soon", 400],
    ["/api/page/1?delay=1e9", 400],
    ["/api/fail?status=200", 400],
    ["/api/fail?status=404.5", 400],
    ["/api/slow?chunks=0", 400],
    ["/api/slow?chunks=1e9", 400],
    ["/api/page/0", 404],
    ["/api/page/16", 404],
    ["/api/page/1/2", 404],
    ["/api/page/1.5", 404],
    ["/api/page", 404],
    ["/api/health/more", 404],
    ["/api/", 404],
    ["/api/__proto__", 404],
    ["/api/constructor", 404],
  ])("answers %s with %i and says why", async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test("survives a request line that is no path", async () => {
    const socket = connect(Number(server.url.port), "127.0.0.1");
    socket.end("GET //[ HTTP/1.1\r\nhost: x\r\n\r\n");
    await new Promise((resolve) => socket.on("close", resolve).resume());
    expect((await get("/api/health")).status).toBe(200);
  });

  test("closes although a request still hangs", async () => {
    const other = await openPlaygroundServer({ files, port: 0 });
    const hanging = fetch(new URL("/api/hang", other.url));
    await fetch(new URL("/api/health", other.url));
    const outcome = expect(hanging).rejects.toThrow();
    await other.close();
    await outcome;
  });

  test("rejects when its port is taken", async () => {
    await expect(openPlaygroundServer({ files, port: Number(server.url.port) })).rejects.toThrow("EADDRINUSE");
  });
});
