import type { Scope, TaskGroup, TaskGroupOptions } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

type ErrorClass = new (message?: string) => Error;

/** Options that no caller with types could write, and what refuses them. */
const badOptions: readonly (readonly [name: string, options: unknown, error: ErrorClass])[] = [
  ["options that are null", null, TypeError],
  ["options that are a string", "options", TypeError],
  ...[0, -1, 1.5, Number.NaN, -Infinity].map((limit) => [`limit: ${limit}`, { limit }, RangeError] as const),
  ...["3", null, 3n].map((limit) => [`limit: ${typeof limit} ${limit}`, { limit }, TypeError] as const),
  ...(["timeout", "grace", "abandonAfter"] as const).flatMap((key) => [
    ...[-1, Number.NaN, -Infinity].map((ms) => [`${key}: ${ms}`, { [key]: ms }, RangeError] as const),
    ...["5", null, 5n].map((ms) => [`${key}: ${typeof ms} ${ms}`, { [key]: ms }, TypeError] as const),
  ]),
  ["onFailure that is no function", { onFailure: "log" }, TypeError],
  ["onFailure beside failFast: true", { failFast: true, onFailure: () => {} }, TypeError],
  ["isCancellation that is no function", { isCancellation: /abort/ }, TypeError],
  ["policy that is null", { policy: null }, TypeError],
  ["policy without onSettled", { policy: { result: () => 1 } }, TypeError],
  ["policy with a result that is no function", { policy: { onSettled: () => "continue", result: 5 } }, TypeError],
  ["policy beside failFast", { policy: { onSettled: () => "continue" }, failFast: false }, TypeError],
  ["policy beside onFailure", { policy: { onSettled: () => "continue" }, onFailure: () => {} }, TypeError],
  ["signal that is no signal", { signal: {} }, TypeError],
  ["signal that is a number", { signal: 5 }, TypeError],
  ["parent that is no scope", { parent: {} }, TypeError],
  ["parent that is a number", { parent: 5 }, TypeError],
];

describe("LC-1 bad arguments are refused before anything starts", () => {
  it.each(badOptions)("LC-1 taskGroup rejects %s", async (_, options, error) => {
    const { taskGroup, inspectTasks, timers } = virtualRuntime();
    const body = vi.fn();
    const call = taskGroup(options as TaskGroupOptions, body);
    expect(await errorOf(call)).toBeInstanceOf(error);
    expect(body).not.toHaveBeenCalled();
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it.each(badOptions)("LC-1 openTaskGroup throws on %s", (_, options, error) => {
    const { openTaskGroup, inspectTasks, timers } = virtualRuntime();
    expect(() => openTaskGroup(options as TaskGroupOptions)).toThrow(error);
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it.each([undefined, null, 5, "body", {}])("LC-1 taskGroup rejects a body that is %s", async (body) => {
    const { taskGroup, inspectTasks } = virtualRuntime();
    expect(await errorOf(taskGroup(body as never))).toBeInstanceOf(TypeError);
    expect(await errorOf(taskGroup({}, body as never))).toBeInstanceOf(TypeError);
    expect(inspectTasks()).toEqual([]);
  });

  it("LC-1 options that are refused don't keep a parent open", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        expect(await errorOf(group.taskGroup({ signal: {} as AbortSignal }, () => {}))).toBeInstanceOf(TypeError);
        expect(() => group.openTaskGroup({ signal: {} as AbortSignal })).toThrow(TypeError);
        return "out";
      }),
    );
    expect(value).toBe("out");
  });

  /** Runs `look` in the body of a group. */
  const inGroup = async (look: (group: TaskGroup) => unknown): Promise<void> => {
    const { run, taskGroup } = virtualRuntime();
    await run(() => taskGroup(async (group) => void (await look(group))));
  };

  it("LC-1 of a group's methods those that return promises reject, the others throw", () =>
    inGroup(async (group) => {
      const bad = 5 as never;
      for (const call of [group.createTask, group.defer, group.use, group.onCancel]) {
        expect(() => (call as (argument: never) => unknown)(bad)).toThrow(TypeError);
        expect(() => (call as (argument: never) => unknown)(undefined as never)).toThrow(TypeError);
      }
      for (const call of [group.start, group.taskGroup, group.shield]) {
        const promise = (call as (argument: never) => Promise<unknown>)(bad);
        expect(await errorOf(promise)).toBeInstanceOf(TypeError);
      }
      expect([group.size, [...group.tasks]]).toEqual([0, []]);
    }));

  it.each(["failAfter", "failAt", "moveOnAfter"] as const)(
    "LC-1 %s rejects on bad arguments and never calls the body",
    (name) =>
      inGroup(async (group) => {
        const body = vi.fn();
        const call = group[name] as (...args: unknown[]) => Promise<unknown>;
        expect(await errorOf(call("5", body))).toBeInstanceOf(TypeError);
        expect(await errorOf(call(Number.NaN, body))).toBeInstanceOf(RangeError);
        expect(await errorOf(call(5, "body"))).toBeInstanceOf(TypeError);
        expect(await errorOf(call(5, body, { grace: -1 }))).toBeInstanceOf(RangeError);
        expect(await errorOf(call(5, body, null))).toBeInstanceOf(TypeError);
        expect(body).not.toHaveBeenCalled();
      }),
  );

  it("LC-1 shield rejects on bad options and never calls the body", () =>
    inGroup(async (group) => {
      const body = vi.fn();
      expect(await errorOf(group.shield({ timeout: -1 }, body))).toBeInstanceOf(RangeError);
      expect(await errorOf(group.shield({ cancelAfter: Number.NaN }, body))).toBeInstanceOf(RangeError);
      expect(await errorOf(group.shield(null as never, body))).toBeInstanceOf(TypeError);
      expect(body).not.toHaveBeenCalled();
    }));

  it("LC-1 the waits of a scope reject on bad arguments", () =>
    inGroup(async ({ sleep }: Scope) => {
      expect(await errorOf(sleep("5" as never))).toBeInstanceOf(TypeError);
      expect(await errorOf(sleep(-1))).toBeInstanceOf(RangeError);
      expect(await errorOf(sleep(Number.NaN))).toBeInstanceOf(RangeError);
    }));

  it("LC-1 detach, which returns a promise, rejects on bad arguments", async () => {
    const { detach, inspectTasks } = virtualRuntime();
    const fn = vi.fn();
    expect(await errorOf(detach(5 as never))).toBeInstanceOf(TypeError);
    expect(await errorOf(detach(fn, { timeout: -1 }))).toBeInstanceOf(RangeError);
    expect(await errorOf(detach(fn, { signal: {} as AbortSignal }))).toBeInstanceOf(TypeError);
    expect(fn).not.toHaveBeenCalled();
    expect(inspectTasks()).toEqual([]);
  });

  it("LC-1 limit: Infinity and timeout: Infinity are legal", async () => {
    const { run, taskGroup } = virtualRuntime();
    const options = { limit: Infinity, timeout: Infinity, grace: Infinity, abandonAfter: Infinity };
    expect(await run(() => taskGroup(options, () => 1))).toBe(1);
  });
});
