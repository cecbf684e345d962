import { kCurrentWorker } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

describe.each(platforms)("RT-5 requests in workerd at $name", (platform) => {
  let upstream: Upstream;
  let worker: Worker;
  beforeAll(async () => {
    upstream = await Upstream.start();
    const options = { serviceBindings: { SELF: kCurrentWorker } };
    worker = await Worker.start("requests", platform, { UPSTREAM: upstream.url }, options);
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  it("RT-5 work that is open when the response is sent goes on, and its finally block ends", async () => {
    expect(await worker.text("/left-open")).toBe("ok");
    expect(upstream.told).not.toContain("cleaned up");
    await upstream.hears("cleaned up");
  });

  it("RT-5 a client that leaves while the body is sent cancels the upstream fetches", async () => {
    const { aborted } = upstream;
    await worker.leave("/fan-out", 10);
    await upstream.until(() => upstream.aborted === aborted + 3);
    await upstream.hears("DisconnectedError");
    await upstream.until(() => upstream.open === 0);
  });

  it("RT-5 a client that leaves while an upstream's body is passed on cancels that upstream", async () => {
    const { aborted } = upstream;
    await worker.leave("/proxy", 10);
    await upstream.until(() => upstream.aborted > aborted && upstream.open === 0);
  });

  it.each(["/used", "/locked"])("RT-5 a response that can't be sent is a 500, and doesn't hang: %s", async (path) => {
    const response = await worker.fetch(path);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(`unhandled errors in TaskGroup "GET ${path}" (1 sub-exception)`);
  });

  it("RT-5 a failure before the response is a 500, and no upstream is left open", async () => {
    const response = await worker.fetch("/fails");
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('unhandled errors in TaskGroup "GET /fails" (1 sub-exception)');
    await upstream.until(() => upstream.open === 0);
  });

  it("RT-5 a failure that the handler hasn't seen when it returns its response is a 500, too", async () => {
    const response = await worker.fetch("/failed-unseen");
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("GET /failed-unseen")]);
  });

  it("RT-5 a failure after the response breaks the body off, and is reported by its task's path", async () => {
    const response = await worker.fetch("/fails-late");
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^(line\n)+$/)]);
    await worker.logs("Cohort, in GET /fails-late > late: RangeError: too late for a 500");
  });

  it("RT-5 a body whose source breaks is broken off, which its length shows, and reported", async () => {
    const response = await worker.fetch("/broken-body");
    await expect(response.text()).rejects.toThrow();
    await worker.logs("Cohort, in GET /broken-body > response body: Error: Network connection lost");
  });

  it("RT-5 a body whose source breaks after the group was ended early is reported, too", async () => {
    await worker.text("/broken-after-cancel");
    await worker.logs("Cohort, in GET /broken-after-cancel: RangeError: the source broke late");
  });

  it("RT-5 a stale length of an upstream's is no length of a body that is there, or that functions make", async () => {
    const text = await worker.fetch("/stale-text");
    expect([text.headers.get("content-length"), await text.text()]).toEqual([
      "43",
      "longer than the path that the upstream says",
    ]);
    const stream = await worker.fetch("/stale-stream");
    expect([stream.headers.get("content-length"), await stream.text()]).toEqual([null, "/path and more"]);
  });

  it.each([
    ["/rewritten", 30_000 * 23],
    ["/compressed", 30_000 * 14],
    ["/own-bytes", 400_000],
  ])("RT-5 a stale length cuts off nothing that the platform itself has made: %s", async (path, bytes) => {
    const response = await worker.fetch(path);
    expect([response.headers.get("content-length"), (await response.arrayBuffer()).byteLength]).toEqual([null, bytes]);
  });

  it("RT-5 a fetched body that isn't as long as its headers say is a failure, and no client's leaving", async () => {
    await worker.text("/bound").catch(() => ""); // its connection may break off
    const error = "RangeError: the body has more than 5 bytes, and a Content-Length of 5";
    await worker.logs(`Cohort, in GET /bound > response body: ${error}`);
  });

  it("RT-5 a body that is there when it is returned, or that is passed on, has its length", async () => {
    for (const [path, length] of [
      ["/json", "7"],
      ["/text", "4"],
      ["/long-text", "200000"],
      ["/passed-on", "400000"],
    ] as const) {
      const response = await worker.fetch(path);
      expect([path, response.headers.get("content-length")]).toEqual([path, length]);
      expect((await response.arrayBuffer()).byteLength).toBe(Number(length));
    }
  });

  it("RT-5 a request that ends well cancels nothing", async () => {
    expect(await worker.text("/text")).toBe("text");
    await upstream.hears("a good request has ended");
    expect(upstream.told).not.toContain("a good request was cancelled");
  });

  it("RT-5 a body keeps its group open until it has been read", async () => {
    expect(await worker.text("/streams")).toBe("123");
    await upstream.hears("closed");
  });

  it("RT-5 the status, the headers and a length that was given stay", async () => {
    const response = await worker.fetch("/length");
    const headers = ["content-length", "x-own"].map((name) => response.headers.get(name));
    expect([headers, await response.text()]).toEqual([["7", "kept"], "seven b"]);
    expect((await worker.fetch("/empty")).status).toBe(204);
    const head = await worker.fetch("/length", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "7"]);
  });

  it("CA-6 a handler that ends its group early still sends the whole of its response", async () => {
    expect(await worker.text("/cancelled-early")).toBe("whole");
  });

  it("RT-5 a handler whose body ended with its group, without a response, says so", async () => {
    const response = await worker.fetch("/nothing");
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("no response given")]);
  });
});
