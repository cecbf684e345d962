import { describe, expect, test } from "vitest";
import { readWranglerConfig } from "../dev/wrangler-config.ts";
import { readPlan } from "../src/plan.ts";
import { MisconfiguredError, readSettings } from "../src/settings.ts";

const { vars } = await readWranglerConfig();

describe("the variables of wrangler.jsonc", () => {
  test("are in order as they stand there", () => {
    expect(readSettings(vars)).toMatchObject({ deadline: 2000, optional: 800, limit: 6 });
  });

  test("are URLs that keep their path, with a slash at its end or without", () => {
    const { catalog, stock } = readSettings({
      ...vars,
      CATALOG_URL: "https://a.example/v2",
      STOCK_URL: "https://b.example/v3/",
    });
    expect([new URL("products/lamp", catalog).href, new URL("stock/lamp", stock).href]).toEqual([
      "https://a.example/v2/products/lamp",
      "https://b.example/v3/stock/lamp",
    ]);
  });

  test.each([
    ["CATALOG_URL", undefined],
    ["CATALOG_URL", "catalog.example"],
    ["STOCK_URL", "ftp://stock.example/"],
    ["PRICE_URLS", []],
    ["PRICE_URLS", "https://prices.example/"],
    ["DEADLINE_MS", "2000"],
    ["OPTIONAL_MS", 0],
    ["SUBREQUEST_LIMIT", 1.5],
  ])("are refused by name: %s = %j", (name, value) => {
    const read = (): unknown => readSettings({ ...vars, [name]: value });
    expect(read).toThrow(MisconfiguredError);
    expect(read).toThrow(name);
  });
});

test("an optional part gets half of a short deadline, and its own time of a long one", () => {
  const settings = readSettings(vars);
  const optionalOf = (query: string): number => readPlan("ray", "lamp", new URLSearchParams(query), settings).optional;
  expect([optionalOf("deadline=300"), optionalOf("deadline=1800"), optionalOf("")]).toEqual([150, 800, 800]);
});
