import { expect, test } from "vitest";
import { shopReply } from "../dev/shop.ts";
import { shopUnderTest } from "./support/shop-under-test.ts";

const shop = shopUnderTest({ SUBREQUEST_LIMIT: 3, OPTIONAL_MS: 2000, DEADLINE_MS: 90_000 });

test("one request runs as many subrequests at once as its limit says", async () => {
  let arrived = 0;
  const full = Promise.withResolvers<void>();
  for (const role of ["catalog", "prices-eu", "prices-us", "stock", "reviews"] as const) {
    shop.reply(role, async (path) => {
      if (++arrived === 3) full.resolve();
      await full.promise;
      return shopReply(role, path);
    });
  }
  expect((await shop.fetch("/products/lamp")).status).toBe(200);
  expect(shop.mostOpen).toBe(3);
});

test(
  "200 requests at once, with upstreams that fail, leave nothing open and don't touch each other",
  { timeout: 120_000 },
  async () => {
    // Well; reviews hang; stock fails; a mirror is cut off; no mirror is left.
    const skus = ["lamp", "kettle", "chair", "desk", "bulb"];
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const sku = skus[at % skus.length] ?? "";
        const response = await shop.fetch(`/products/${sku}`);
        return { sku, status: response.status, body: (await response.json()) as { sku?: string } };
      }),
    );
    for (const { sku, status, body } of answers) {
      expect({ sku, status, of: body.sku }).toEqual(
        sku === "bulb" ? { sku, status: 502, of: undefined } : { sku, status: 200, of: sku },
      );
    }
    const entries = await shop.audited(200);
    expect(entries).toHaveLength(200);
    await shop.idle();
    for (const [name, { open }] of Object.entries(shop.upstreams)) expect([name, open]).toEqual([name, 0]);
    expect(new Set(shop.ended("reviews"))).toContain("closed");
    // What is printed is of the requests that had no page, and nothing else.
    expect(shop.log.match(/^502 \/products\/bulb/gm)).toHaveLength(40);
    expect(shop.log).not.toMatch(
      /different request|hung|never generate a response|uncaught|TypeError|InvalidStateError/i,
    );
  },
);
