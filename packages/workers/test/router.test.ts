import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)(
  "RT-5 requestScope() keeps the same promises in somebody's own router, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("router", platform, { UPSTREAM: upstream.url });
    expect(await worker.text("/left-open")).toBe("ok");
    await upstream.hears("cleaned up");
    await worker.leave("/proxy", 10);
    await upstream.until(() => upstream.aborted === 1 && upstream.open === 0);
    expect(await worker.text("/fails-late")).toBe("ok");
    await worker.logs("Cohort, in GET /fails-late > late: RangeError: late");
    expect(await worker.text("/joined")).toBe("done");
    expect(await worker.text("/closed")).toBe("closed");
    await worker.logs(/left without join\(\): cancelled GET \/closed > not needed/);
  },
);

it.each(platforms)(
  "RT-5 requestScope() may be left by `await using`, or closed, after respond(), at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("router", platform, { UPSTREAM: upstream.url });
    expect(await worker.text("/using")).toBe("piece");
    await upstream.hears("after the response");
    expect(await worker.text("/closed-after")).toBe("whole all the same");
    await upstream.hears("closed early");
  },
);

it.each(platforms)("RT-5 join() and close() wait for a respond() that isn't over, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start("router", platform, { UPSTREAM: upstream.url });
  expect(await worker.text("/closed-at-once")).toBe("closed at once");
  expect(upstream.told).toEqual(["its cleanup", "close() is over"]);
  await worker.text("/joined-at-once").catch(() => "");
  await worker.logs("Cohort, in GET /joined-at-once > response body: RangeError: the source broke");
});

it.each(platforms)("RT-5 respond() rejects where nothing can be sent, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start("router", platform, { UPSTREAM: upstream.url });
  for (const [path, text] of [
    ["/failed-before", 'unhandled errors in TaskGroup "GET /failed-before" (1 sub-exception)'],
    ["/used", "TypeError"],
  ] as const) {
    const response = await worker.fetch(path);
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining(text)]);
  }
});
