import { type BackgroundTaskOptions, type ShutdownOptions } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { boom, forEver, ignore, services } from "./services.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("CO-6 bad arguments", () => {
  const good = { name: "a", onError: ignore } satisfies BackgroundTaskOptions;
  const restart = (value: object): object => ({ ...good, restart: { on: "failure", delay: 1, ...value } });
  const cases: readonly (readonly [what: string, fn: unknown, options: unknown, error: typeof TypeError])[] = [
    ["a function that is none", 5, good, TypeError],
    ["no options", forEver, undefined, TypeError],
    ["options that are null", forEver, null, TypeError],
    ["no name", forEver, { onError: ignore }, TypeError],
    ["a name that is no string", forEver, { ...good, name: 5 }, TypeError],
    ["no onError", forEver, { name: "a" }, TypeError],
    ["an onError that is no function", forEver, { name: "a", onError: "log" }, TypeError],
    ["a restart that is null", forEver, { ...good, restart: null }, TypeError],
    ["a restart without `on`", forEver, restart({ on: undefined }), TypeError],
    ["a restart on something else", forEver, restart({ on: "success" }), TypeError],
    ["a restart without a delay", forEver, restart({ delay: undefined }), TypeError],
    ...[-1, Number.NaN, Infinity].map((delay) => [`delay: ${delay}`, forEver, restart({ delay }), RangeError] as const),
    ...[0.5, -1, Number.NaN, Infinity].map(
      (factor) => [`factor: ${factor}`, forEver, restart({ factor }), RangeError] as const,
    ),
    ["factor: '2'", forEver, restart({ factor: "2" }), TypeError],
    ...[-1, Number.NaN].map(
      (maxDelay) => [`maxDelay: ${maxDelay}`, forEver, restart({ maxDelay }), RangeError] as const,
    ),
    ["maxDelay: '2'", forEver, restart({ maxDelay: "2" }), TypeError],
    ["jitter: 0.5", forEver, restart({ jitter: 0.5 }), TypeError],
    ["intensity: null", forEver, restart({ intensity: null }), TypeError],
    ...[0, -1, 1.5, Infinity, Number.NaN].map(
      (max) => [`intensity.max: ${max}`, forEver, restart({ intensity: { max, per: 1 } }), RangeError] as const,
    ),
    ["intensity.max: '1'", forEver, restart({ intensity: { max: "1", per: 1 } }), TypeError],
    ["intensity.per: -1", forEver, restart({ intensity: { max: 1, per: -1 } }), RangeError],
    ["intensity without per", forEver, restart({ intensity: { max: 1 } }), TypeError],
  ];

  it.each(cases)("CO-6 add() makes a task that has failed: %s", async (_, fn, options, error) => {
    const { open, timers } = services({ name: "set" });
    const set = open();
    const task = set.add(fn as typeof forEver, options as BackgroundTaskOptions);
    expect([task.state, task.cancel(), set.size, timers()]).toEqual(["failed", false, 0, 0]);
    expect(task).toBeInstanceOf(Promise);
    expect(await errorOf(task)).toBeInstanceOf(error);
    await set.shutdown();
  });

  it("CO-6 such a task isn't swallowed: where nobody listens it is an unhandled rejection", async () => {
    const { open } = services({ name: "set" });
    const set = open();
    const told: unknown[] = [];
    const seen = await unhandledDuring(async () => {
      const task = set.add(forEver, { name: "nobody's" } as BackgroundTaskOptions);
      told.push([task.name, task.path, typeof task.id]);
    });
    expect(seen).toEqual([expect.any(TypeError)]);
    expect(told).toEqual([["nobody's", ["set", "nobody's"], "number"]]);
    await set.shutdown();
  });

  it("CO-6 what the options say is read once", async () => {
    const { run, open, onError, now, told } = services();
    await run(async () => {
      const set = open();
      const options = { name: "a", onError, restart: { on: "failure", delay: 10, intensity: { max: 2, per: 100 } } };
      const task = set.add(() => Promise.reject(boom), options as BackgroundTaskOptions);
      options.restart.on = "never";
      options.restart.intensity.max = 50;
      await errorOf(task);
      await set.shutdown();
    });
    expect([now(), told.length]).toEqual([20, 3]);
  });

  it.each([
    ["options that are null", null],
    ["a signal that is none", { signal: {} }],
    ["a parent that is no scope", { parent: {} }],
    ["timeout: '5'", { timeout: "5" }],
    ["a name that is no string", { name: 5 }],
  ])("CO-6 openBackgroundTasks throws on %s", (_, options) => {
    const { openBackgroundTasks, inspectTasks, timers } = virtualRuntime();
    expect(() => openBackgroundTasks(options as never)).toThrow(TypeError);
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it.each([
    [{ cancelAfter: -1 }, RangeError],
    [{ cancelAfter: "5" }, TypeError],
    [{ abandonAfter: Number.NaN }, RangeError],
    [{ abandonAfter: null }, TypeError],
    [null, TypeError],
  ])("CO-6 shutdown rejects %o and shuts nothing down", async (options, error) => {
    const { run, open, onError } = services();
    await run(async () => {
      const set = open();
      const task = set.add(forEver, { name: "a", onError });
      expect(await errorOf(set.shutdown(options as ShutdownOptions))).toBeInstanceOf(error);
      await Promise.resolve();
      expect([task.state, set.add(ignore, { name: "b", onError }).state]).toEqual(["running", "pending"]);
      await set.shutdown();
    });
  });
});
