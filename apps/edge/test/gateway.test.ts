import { describe, expect, test } from "vitest";
import { shopUnderTest } from "./support/shop-under-test.ts";
import type { Page, Problem } from "./support/wire.ts";

const shop = shopUnderTest();

async function page(path: string): Promise<Page> {
  const response = await shop.fetch(path);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

async function problem(path: string, status: number): Promise<Problem> {
  const response = await shop.fetch(path);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.status).toBe(status);
  return (await response.json()) as Problem;
}

describe("a page", () => {
  test("has all parts when all upstreams are well, and may be kept", async () => {
    const response = await shop.fetch("/products/lamp");
    expect(response.headers.get("cache-control")).toBe("public, max-age=30");
    expect(await response.json()).toEqual({
      sku: "lamp",
      parts: {
        product: { title: "Desk lamp", description: "Brass, with a green shade." },
        price: { amount: 49, currency: "EUR" },
        stock: { inStock: 12 },
        reviews: { stars: 4.6 },
        related: {
          alsoBought: [
            { sku: "bulb", title: "Light bulb" },
            { sku: "desk", title: "Desk" },
            { sku: "chair", title: "Chair" },
          ],
          sameShelf: [
            { sku: "bulb", title: "Light bulb" },
            { sku: "kettle", title: "Kettle" },
            { sku: "lamp", title: "Desk lamp" },
          ],
        },
      },
      missing: [],
    });
  });

  test("fetches each URL once, however many of its parts ask for it", async () => {
    await page("/products/lamp");
    expect(shop.asked("catalog").sort()).toEqual(
      ["bulb", "chair", "desk", "kettle", "lamp"].map((sku) => `/products/${sku}`),
    );
  });

  test("has the parts that were asked for and fetches no others", async () => {
    const { parts } = await page("/products/lamp?parts=stock,price&currency=CHF");
    expect(parts).toEqual({ stock: { inStock: 12 }, price: { amount: 49, currency: "CHF" } });
    expect([...shop.asked("catalog"), ...shop.asked("reviews")]).toEqual([]);
  });

  test("comes in time without an optional part that hangs, names it, and closes its connection", async () => {
    shop.reply("reviews", "hang");
    const start = performance.now();
    const response = await shop.fetch("/products/lamp?deadline=4000");
    const { parts, missing } = (await response.json()) as Page;
    expect(performance.now() - start).toBeLessThan(4000);
    expect(missing).toEqual([{ part: "reviews", why: "too slow" }]);
    expect(Object.keys(parts)).toEqual(["product", "price", "stock", "related"]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    await shop.idle();
    expect(shop.ended("reviews")).toEqual(["closed"]);
  });

  test("says of an optional part that fails why it isn't there", async () => {
    shop.reply("stock", { status: 503 });
    shop.reply("reviews", "cut");
    const { missing } = await page("/products/lamp");
    expect(missing).toEqual([
      { part: "stock", why: "failed", detail: "stock answered 503" },
      { part: "reviews", why: "failed", detail: "reviews gave no answer" },
    ]);
  });

  test("takes what is no JSON, or not what an upstream owes, for a failure", async () => {
    shop.reply("stock", { body: "<html>" });
    shop.reply("reviews", { body: [4.6] });
    const { missing } = await page("/products/lamp");
    expect(missing.map(({ detail }) => detail)).toEqual([
      "stock answered no JSON",
      "reviews answered something that is no object",
    ]);
  });

  test("leaves related products out when one of them is unknown", async () => {
    shop.reply("catalog", (path) =>
      path === "/products/bulb"
        ? { status: 404 }
        : { body: { sku: "x", title: "X", description: "", alsoBought: ["bulb"], sameShelf: [] } },
    );
    const { missing } = await page("/products/lamp");
    expect(missing).toEqual([{ part: "related", why: "unknown", detail: "there is no product bulb" }]);
  });
});

describe("the race of the mirrors", () => {
  test("is won by the first to answer, and the other's connection is closed", async () => {
    shop.reply("prices-eu", "hang");
    shop.reply("prices-us", { body: { amount: 51 } });
    // At once, that is, while the page still waits for something else.
    shop.reply("stock", async () => {
      await shop.upstreams["prices-eu"].until(() => shop.ended("prices-eu").length === 1);
      return { body: { inStock: 1 } };
    });
    const { parts, missing } = await page("/products/lamp");
    expect(parts["price"]).toEqual({ amount: 51, currency: "EUR" });
    expect(missing).toEqual([]);
    expect(shop.ended("prices-eu")).toEqual(["closed"]);
    expect(shop.ended("prices-us")).toEqual(["answered"]);
  });

  test("isn't lost by a mirror that fails first", async () => {
    const failed = Promise.withResolvers<void>();
    shop.reply("prices-eu", () => (failed.resolve(), { status: 500 }));
    shop.reply("prices-us", async () => (await failed.promise, { body: { amount: 52 } }));
    const { parts, missing } = await page("/products/lamp");
    expect(parts["price"]).toEqual({ amount: 52, currency: "EUR" });
    expect(missing).toEqual([]);
  });
});

describe("no page", () => {
  test("without a part that it can't do without: 502 that names it, and the rest is cancelled", async () => {
    shop.reply("prices-eu", { status: 500 });
    shop.reply("prices-us", "cut");
    shop.reply("stock", "hang");
    const { detail, parts } = await problem("/products/lamp", 502);
    expect(detail).toBe("the page can't do without what failed: price");
    expect(new Set(parts)).toEqual(
      new Set([
        { part: "price", detail: "prices answered 500" },
        { part: "price", detail: "prices gave no answer" },
      ]),
    );
    await shop.idle();
    expect(shop.ended("stock")).not.toContain("answered");
    // Whoever runs the gateway learns which task of which group it was.
    await shop.logged(/task price .*request > product lamp > price|> product lamp > price\)/);
  });

  test("when a part that it can't do without hangs: 504 in time that names it, and its connections are closed", async () => {
    shop.reply("prices-eu", "hang");
    shop.reply("prices-us", "hang");
    const { detail, parts } = await problem("/products/lamp?parts=price&deadline=300", 504);
    expect(detail).toBe("no answer within 300 ms: price still missing");
    expect(parts).toEqual([{ part: "price", detail: "too slow" }]);
    await shop.idle();
    expect([...shop.ended("prices-eu"), ...shop.ended("prices-us")]).toEqual(["closed", "closed"]);
  });

  test("of a product that the catalog doesn't know: 404, also when the mirrors say so first", async () => {
    shop.reply("catalog", async () => {
      for (const mirror of ["prices-eu", "prices-us"] as const) {
        await shop.upstreams[mirror].until(() => shop.ended(mirror).length === 1);
      }
      return { status: 404 };
    });
    expect((await problem("/products/unicorn", 404)).detail).toBe("there is no product unicorn");
  });

  test.each([
    ["/products/Lamp", /up to 40 lower-case letters/],
    ["/products/..%2Fadmin", /up to 40 lower-case letters/],
    ["/products/lamp?part=price", /no parameter "part"/],
    ["/products/lamp?parts=price,colour", /no part "colour"/],
    ["/products/lamp?currency=euro", /three capital letters/],
    ["/products/lamp?currency=EUR&currency=CHF", /more than once/],
    ["/products/lamp?deadline=20001", /from 50 to 20000/],
    ["/products/lamp?deadline=soon", /from 50 to 20000/],
  ])("for %s: 400 that says what is wrong, and no upstream is asked", async (path, detail) => {
    expect((await problem(path, 400)).detail).toMatch(detail);
    expect(shop.asked("catalog")).toEqual([]);
  });

  test("anywhere else: 404; by another method: 405", async () => {
    await problem("/baskets", 404);
    const { status, headers } = await shop.fetch("/products/lamp", { method: "DELETE" });
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });
});

describe("the audit log", () => {
  test("is written after the response", async () => {
    const answered = Promise.withResolvers<void>();
    shop.reply("audit", async () => (await answered.promise, { status: 201 }));
    await page("/products/lamp");
    // The page is here while the log's upstream still hasn't said a word.
    expect(shop.ended("audit")).toEqual([]);
    answered.resolve();
    const [entry] = await shop.audited(1);
    expect(entry).toMatchObject({ path: "/products/lamp", status: 200, missing: [] });
    expect(shop.ended("audit")).toEqual(["answered"]);
  });

  test("says what was missing, and what no page was given for", async () => {
    await page("/products/chair");
    await problem("/products/bulb", 502);
    expect(await shop.audited(2)).toMatchObject([
      { path: "/products/chair", status: 200, missing: ["stock"] },
      { path: "/products/bulb", status: 502, missing: ["price"] },
    ]);
  });

  test("fails without harm to the page, and the failure is logged by its task's name", async () => {
    shop.reply("audit", { status: 507 });
    await page("/products/lamp");
    await shop.logged(/audit answered 507/);
    expect(shop.log).toMatch(/audit.*\n?.*UpstreamError: audit answered 507/);
  });
});
