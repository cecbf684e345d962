import { describe, expect, it } from "vitest";
import { adapter } from "@cohort/workers";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)("RT-5 workerd's copies of a reason count as the cancellation, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start("copies", platform, { UPSTREAM: upstream.url });
  const seen = JSON.parse(await worker.text("/")) as Record<string, readonly [isReason: boolean, isCopy: boolean]>;
  expect(Object.keys(seen)).toHaveLength(8);
  // The second says that workerd does copy: where it doesn't any more, this test has nothing to show.
  for (const [name, outcome] of Object.entries(seen)) expect([name, ...outcome]).toEqual([name, true, true]);
  await upstream.until(() => upstream.open === 0);
});

describe("RT-5 what is no copy of the reason", () => {
  const reason = new RangeError("enough");
  it.each([
    ["another text", new RangeError("too much"), reason],
    ["another class", new TypeError("enough"), reason],
    ["one that wraps it", new RangeError("enough", { cause: reason }), reason],
    ["no text at all", new Error(""), new Error("")],
    ["a string, for a reason that is one", "enough", "enough too"],
    ["an error with another text than the reason", new Error("no"), "enough"],
    ["an object with other fields", { why: "no" }, { why: "enough" }],
    ["an object with fewer fields", {}, { why: "enough" }],
    [
      "an object of a class",
      new (class {
        why = 1;
      })(),
      { why: 1 },
    ],
    ["nothing", undefined, reason],
    ["null", null, reason],
  ])("RT-5 %s", (_what, error, of) => {
    expect(adapter.isCancellation?.(error, of)).toBe(false);
  });
});
