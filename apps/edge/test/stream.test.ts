import { expect, test } from "vitest";
import { shopUnderTest } from "./support/shop-under-test.ts";
import type { Line } from "./support/wire.ts";

const shop = shopUnderTest();

/** The lines of a response, each as it comes. */
async function* linesOf(response: Response): AsyncGenerator<Line, void, undefined> {
  let rest = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as Line;
  }
  expect(rest).toBe("");
}

test("a stream gives each part as soon as it is there", async () => {
  const held = Promise.withResolvers<void>();
  shop.reply("reviews", async () => (await held.promise, { body: { stars: 4 } }));
  const response = await shop.fetch("/products/lamp/stream");
  expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
  const lines = linesOf(response);
  const early = new Set<string | undefined>();
  for (let line = await take(lines); line.waitingFor === undefined || early.size < 4; line = await take(lines)) {
    if (line.part !== undefined) early.add(line.part);
    else expect(line.waitingFor).toContain("reviews");
  }
  expect(early).toEqual(new Set(["product", "price", "stock", "related"]));
  held.resolve();
  expect((await Array.fromAsync(lines)).filter(({ waitingFor }) => waitingFor === undefined)).toEqual([
    { part: "reviews", value: { stars: 4 } },
    { sku: "lamp", done: true, missing: [] },
  ]);
  expect(await shop.audited(1)).toMatchObject([{ path: "/products/lamp/stream", status: 200, missing: [] }]);
});

test("a stream names the parts that fail or hang and ends in time", async () => {
  shop.reply("reviews", "hang");
  shop.reply("prices-eu", { status: 500 });
  shop.reply("prices-us", { status: 500 });
  const lines = await Array.fromAsync(
    linesOf(await shop.fetch("/products/lamp/stream?parts=price,reviews&deadline=1000")),
  );
  expect(lines).toContainEqual({ part: "reviews", missing: { part: "reviews", why: "too slow" } });
  expect(lines).toContainEqual({
    part: "price",
    missing: { part: "price", why: "failed", detail: "prices answered 500" },
  });
  expect(lines.at(-1)).toMatchObject({ done: true, missing: [{ part: "price" }, { part: "reviews" }] });
  await shop.idle();
  expect(shop.ended("reviews")).toEqual(["closed"]);
  expect(await shop.audited(1)).toMatchObject([{ status: 200, missing: ["price", "reviews"] }]);
});

test("a client that leaves while nothing comes closes what is open at the upstreams", async () => {
  shop.reply("reviews", "hang");
  shop.reply("stock", "hang");
  const leaving = new AbortController();
  const lines = linesOf(await shop.fetch("/products/lamp/stream", { signal: leaving.signal }));
  let line = await take(lines);
  while (line.waitingFor === undefined) line = await take(lines);
  expect([shop.upstreams.reviews.open, shop.upstreams.stock.open]).toEqual([1, 1]);
  leaving.abort();
  await shop.idle();
  expect([...shop.ended("reviews"), ...shop.ended("stock")]).toEqual(["closed", "closed"]);
  // 499, and no part named: they were given up because of the client and not because of the deadline.
  expect(await shop.audited(1)).toMatchObject([{ path: "/products/lamp/stream", status: 499, missing: [] }]);
  // Lines that had come before it left may still be given.
  await expect(Array.fromAsync(lines)).rejects.toThrow("aborted");
  // A client that leaves is nobody's failure.
  expect(shop.log).toBe("");
});

test("a client that leaves before its page is there leaves nothing open behind it", async () => {
  shop.reply("reviews", "hang");
  const leaving = new AbortController();
  const gone = expect(shop.fetch("/products/lamp?deadline=1000", { signal: leaving.signal })).rejects.toThrow(
    "aborted",
  );
  await shop.upstreams.reviews.until(({ open }) => open === 1);
  leaving.abort();
  await gone;
  // Local workerd doesn't tell a Worker of it before it writes, so it may be that the part's own time has to run out.
  await shop.idle();
  expect(shop.ended("reviews")).toEqual(["closed"]);
  expect(await shop.audited(1)).toMatchObject([{ path: "/products/lamp" }]);
});

async function take(lines: AsyncIterator<Line, void>): Promise<Line> {
  const step = await lines.next();
  if (step.done === true) throw new Error("the stream is over");
  return step.value;
}
