import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

describe("CO-2 gather refuses bad arguments before anything starts", () => {
  const fn = vi.fn();
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a function", fn],
    ["a string", "ab"],
    ["a Set", new Set([fn])],
    ["a Map", new Map([["a", fn]])],
    ["a generator", [fn].values()],
  ])("CO-2 functions that are %s: a TypeError", async (_, fns) => {
    const { gather, inspectTasks } = virtualRuntime();
    expect(await errorOf(gather(fns as never))).toBeInstanceOf(TypeError);
    expect([inspectTasks(), fn.mock.calls]).toEqual([[], []]);
  });

  it.each([
    ["an array", [fn, 7], /"1" is number/],
    // eslint-disable-next-line no-sparse-arrays
    ["an array with a hole", [fn, , fn], /"1" is undefined/],
    ["a record", { user: fn, orders: Promise.resolve() }, /"orders" is object/],
  ])("CO-2 %s with something else in it: a TypeError that names the key", async (_, fns, message) => {
    const { gather, inspectTasks } = virtualRuntime();
    const error = await errorOf(gather(fns as never));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(message);
    expect([inspectTasks(), fn.mock.calls]).toEqual([[], []]);
  });

  const policy = { onSettled: () => "continue" as const };
  it.each([
    ["null", null, TypeError],
    ["a limit of 0", { limit: 0 }, RangeError],
    ["a negative timeout", { timeout: -1 }, RangeError],
    ["a signal that is none", { signal: {} }, TypeError],
    ["a parent that is none", { parent: {} }, TypeError],
    ["a policy: the results are gather's own", { policy }, TypeError],
    ["a policy beside settled", { policy, settled: true }, TypeError],
    ["onFailure without settled: the results would have holes", { onFailure: () => {} }, TypeError],
    ["failFast beside settled", { failFast: true, settled: true }, TypeError],
  ])("CO-2 options with %s", async (_, options, kind) => {
    const { gather, inspectTasks, timers } = virtualRuntime();
    expect(await errorOf(gather([fn], options as never))).toBeInstanceOf(kind);
    expect([inspectTasks(), timers(), fn.mock.calls]).toEqual([[], 0, []]);
  });
});

describe("CO-3 bad arguments", () => {
  const fn = vi.fn();

  it("CO-3 an empty list is a RangeError, as a rejection", async () => {
    const { firstSuccess, inspectTasks } = virtualRuntime();
    expect(await errorOf(firstSuccess([]))).toBeInstanceOf(RangeError);
    expect(inspectTasks()).toEqual([]);
  });

  it.each([
    ["functions that are a record", { a: fn }, undefined, TypeError],
    ["functions that are a Set", new Set([fn]), undefined, TypeError],
    ["functions that are a function", fn, undefined, TypeError],
    ["a promise among the functions", [fn, Promise.resolve()], undefined, TypeError],
    ["options that are null", [fn], null, TypeError],
    ["a limit of 0", [fn], { limit: 0 }, RangeError],
    ["a policy", [fn], { policy: { onSettled: () => "continue" } }, TypeError],
    ["failFast", [fn], { failFast: true }, TypeError],
    ["onFailure", [fn], { onFailure: () => {} }, TypeError],
  ])("CO-3 %s", async (_, fns, options, kind) => {
    const { firstSuccess, inspectTasks, timers } = virtualRuntime();
    expect(await errorOf(firstSuccess(fns as never, options as never))).toBeInstanceOf(kind);
    expect([inspectTasks(), timers(), fn.mock.calls]).toEqual([[], 0, []]);
  });
});

describe("CO-4 asCompleted throws on bad arguments", () => {
  const fn = vi.fn();
  it.each([
    ["functions that are a record", { a: fn }, undefined, TypeError],
    ["functions that are undefined", undefined, undefined, TypeError],
    ["something else among the functions", [fn, "fn"], undefined, TypeError],
    ["options that are null", [fn], null, TypeError],
    ["a limit of 0", [fn], { limit: 0 }, RangeError],
    ["a negative timeout", [fn], { timeout: -1 }, RangeError],
    ["a signal that is none", [fn], { signal: {} }, TypeError],
    ["a parent that is none", [fn], { parent: {} }, TypeError],
    ["a policy", [fn], { policy: { onSettled: () => "continue" } }, TypeError],
    ["failFast", [fn], { failFast: false }, TypeError],
    ["onFailure", [fn], { onFailure: () => {} }, TypeError],
  ])("CO-4 %s", (_, fns, options, kind) => {
    const { asCompleted, inspectTasks, timers } = virtualRuntime();
    expect(() => asCompleted(fns as never, options as never)).toThrow(kind);
    expect([inspectTasks(), timers(), fn.mock.calls]).toEqual([[], 0, []]);
  });
});

describe("LI-3 map throws on bad arguments", () => {
  const fn = vi.fn();
  const numbers = ["limit", "buffer"].flatMap((key) => [
    ...[0, -1, 1.5, Number.NaN].map((n) => [`a ${key} of ${n}`, [], fn, { [key]: n }, RangeError] as const),
    ...["5", null, 5n].map((n) => [`a ${key} that is a ${typeof n}`, [], fn, { [key]: n }, TypeError] as const),
  ]);
  it.each<readonly [string, unknown, unknown, unknown, new () => Error]>([
    ["a source that is undefined", undefined, fn, undefined, TypeError],
    ["a source that is null", null, fn, undefined, TypeError],
    ["a source that is a number", 5, fn, undefined, TypeError],
    ["a source that can't be iterated", { length: 1 }, fn, undefined, TypeError],
    ["a source whose iterator is no function", { [Symbol.iterator]: 5 }, fn, undefined, TypeError],
    ["a mapper that is none", [], "fn", undefined, TypeError],
    ["options that are null", [], fn, null, TypeError],
    ...numbers,
    ["a taskName that is no function", [], fn, { taskName: "n" }, TypeError],
    ["a negative timeout", [], fn, { timeout: -1 }, RangeError],
    ["a negative grace", [], fn, { grace: -1 }, RangeError],
    ["a signal that is none", [], fn, { signal: {} }, TypeError],
    ["a parent that is none", [], fn, { parent: {} }, TypeError],
  ])("LI-3 %s", (_, source, mapper, options, kind) => {
    const { map, inspectTasks, timers } = virtualRuntime();
    expect(() => map(source as never, mapper as never, options as never)).toThrow(kind);
    expect([inspectTasks(), timers(), fn.mock.calls]).toEqual([[], 0, []]);
  });

  it("LI-3 limit: Infinity and buffer: Infinity are legal", async () => {
    const { run, map } = virtualRuntime();
    const options = { limit: Infinity, buffer: Infinity, timeout: Infinity };
    expect(await run(() => map([1], (n) => n, options).toArray())).toEqual([1]);
  });
});
