import * as here from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { watchedSignal } from "./watched-signal.ts";

/** The library once more, as a program has it that depends on two versions of it. */
vi.resetModules();
const there = await import("@cohort/core");

const boom = new Error("boom");
const stop = new Error("stop");

/** The other copy's functions on the virtual clock of this one's runtime. */
function twoRuntimes() {
  const mine = virtualRuntime();
  const other = there.defineRuntime(mine.adapter);
  return {
    ...mine,
    other: {
      taskGroup: there.bindTaskGroup(other),
      failAfter: there.bindFailAfter(other),
      sleep: there.bindSleep(other),
      abortable: there.bindAbortable(other),
    },
  };
}

describe("DX-8 two copies of the library", () => {
  it("DX-8 they are two copies indeed", () => {
    expect(there.CancelledError).not.toBe(here.CancelledError);
    expect(there.bindTaskGroup).not.toBe(here.bindTaskGroup);
  });

  it.each([
    ["CancelledError", new there.CancelledError("x"), here.CancelledError],
    ["TimeoutError", new there.TimeoutError("x"), here.TimeoutError],
    ["InvalidStateError", new there.InvalidStateError("x"), here.InvalidStateError],
    ["AbandonedError", new there.AbandonedError([]), here.AbandonedError],
    ["KeyboardInterrupt", new there.KeyboardInterrupt(), here.KeyboardInterrupt],
    ["SystemExit", new there.SystemExit(3), here.SystemExit],
    ["KeyboardInterrupt as a BaseException", new there.KeyboardInterrupt(), here.BaseException],
    ["ExceptionGroup", new there.ExceptionGroup("x", [boom]), here.ExceptionGroup],
    ["ExceptionGroup as a BaseExceptionGroup", new there.ExceptionGroup("x", [boom]), here.BaseExceptionGroup],
  ])("DX-8 a %s of the other copy is recognised", (_title, error, Class) => {
    expect(error).toBeInstanceOf(Class);
  });

  it("DX-8 a CancelledError of the other copy is a cancellation in a cancelled scope", async () => {
    const { run, taskGroup } = twoRuntimes();
    const value = await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        throw new there.CancelledError("theirs");
      }),
    );
    expect(value).toBeUndefined();
  });

  it("DX-8 a KeyboardInterrupt of the other copy comes out bare", async () => {
    const { run, taskGroup } = twoRuntimes();
    const fatal = new there.KeyboardInterrupt();
    expect(await run(() => errorOf(taskGroup((group) => void group.createTask(() => Promise.reject(fatal)))))).toBe(
      fatal,
    );
  });

  it("DX-8 a group of the other copy is a group in a group: leaves, split, onlyError and formatException look into it", async () => {
    const { run, taskGroup, other } = twoRuntimes();
    const error = (await run(() =>
      errorOf(
        taskGroup({ name: "mine" }, (group) => {
          group.createTask(
            () =>
              other.taskGroup(
                { name: "theirs" },
                (inner) => void inner.createTask(() => Promise.reject(boom), { name: "leaf" }),
              ),
            { name: "member" },
          );
        }),
      ),
    )) as here.ExceptionGroup;
    expect(error.errors[0]).toBeInstanceOf(here.ExceptionGroup);
    expect([...error.leaves()].map((leaf) => [leaf.error, leaf.task?.name])).toEqual([[boom, "leaf"]]);
    expect(here.onlyError(error)).toBe(boom);
    expect(error.subgroup((leaf) => leaf === boom)?.failures.length).toBe(1);
    expect(here.formatException(error)).toContain("leaf");
  });

  it("DX-8 a foreign scope given as `parent` falls back to its signal: its cancellation cancels, with its reason", async () => {
    const { run, taskGroup, other, now } = twoRuntimes();
    const outside = new AbortController();
    let ofInner: unknown;
    let reason: unknown;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(10).then(() => outside.abort(stop)));
          ofInner = await errorOf(
            other.taskGroup({ parent: group }, async (inner) => {
              await inner.sleep(1000).catch(() => {});
              reason = inner.reason;
            }),
          );
        }),
      ),
    );
    expect([ofInner, reason, error, now()]).toEqual([stop, stop, stop, 10]);
  });

  it("DX-8 a foreign parent that is cancelled already cancels from the start", async () => {
    const { run, taskGroup, other } = twoRuntimes();
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        expect(await errorOf(other.failAfter(5, ({ sleep }) => sleep(1), { parent: group }))).toBe(group.reason);
        let ran = false;
        await other.taskGroup({ parent: group }, (inner) => void inner.createTask(() => (ran = true))).catch(() => {});
        expect(ran).toBe(false);
      }),
    );
    expect.assertions(2);
  });

  it("DX-8 waits take a foreign scope too", async () => {
    const { run, taskGroup, other, now } = twoRuntimes();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(10).then(() => group.cancel()));
        const errors = [errorOf(other.sleep(1000, group)), errorOf(other.abortable(new Promise(() => {}), group))];
        expect(await Promise.all(errors)).toEqual([group.reason, group.reason]);
        expect(now()).toBe(10);
      }),
    );
    expect.assertions(2);
  });

  it("DX-8 CA-9 nothing stays on the foreign scope's signal", async () => {
    const { run, other } = twoRuntimes();
    const { signal, listening, added } = watchedSignal();
    const parent = { signal } as unknown as here.Scope;
    await run(() => other.taskGroup({ parent }, ({ sleep }) => sleep(10)));
    expect([added(), listening()]).toEqual([1, 0]);
  });
});
