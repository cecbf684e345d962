import { describe, expect, it } from "vitest";
import { background, InvalidStateError } from "@cohort/workers";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)("RT-5 background work outlives the response, is named and bounded, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start("background", platform, { UPSTREAM: upstream.url });
  expect(JSON.parse(await worker.text("/at-import"))).toEqual([
    true,
    'background task "too early" was begun outside of a request',
  ]);

  expect(await worker.text("/ends")).toBe("ok");
  expect(upstream.told).toEqual([]);
  await upstream.hears("background ended");

  expect(await worker.text("/fails")).toBe("ok");
  await worker.logs("Cohort, in audit > write: RangeError: the log is full");

  expect(await worker.text("/budget")).toBe("ok");
  const text = "the waitUntil budget of 300 ms is used up but for 200 ms of cleanup";
  await upstream.hears(text);
  await worker.logs(`Cohort: ${text}: cancelled endless`);
  expect(worker.log).not.toContain("TimeoutError");
});

describe("RT-5 background() where it can't keep anything alive", () => {
  it("RT-5 says how to bundle, and calls nothing", () => {
    let isCalled = false;
    const begin = (): void => background(() => void (isCalled = true), { name: "audit" });
    expect(begin).toThrow(InvalidStateError);
    expect(begin).toThrow(/"audit".*bundle for workerd/);
    expect(isCalled).toBe(false);
  });

  it("RT-5 wants a function and a name", () => {
    expect(() => background(undefined as never, { name: "x" })).toThrow(TypeError);
    expect(() => background(() => {}, {} as never)).toThrow(/needs a name/);
    expect(() => background(() => {}, { name: "x", budget: 10, cleanup: 11 })).toThrow(RangeError);
  });
});
