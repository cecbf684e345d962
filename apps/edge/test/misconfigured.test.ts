import { expect, test } from "vitest";
import { shopUnderTest } from "./support/shop-under-test.ts";

const shop = shopUnderTest({ PRICE_URLS: [] });

test("a Worker with a bad variable answers 500 without saying which, and logs it by name", async () => {
  const response = await shop.fetch("/products/lamp");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("PRICE_URLS");
  await shop.logged(/MisconfiguredError: PRICE_URLS must be a list of URLs/);
});
