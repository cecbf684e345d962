import {
  AbandonedError,
  type BackgroundTasks,
  type DetachedTask,
  InvalidStateError,
  takeOver,
  TimeoutError,
} from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { linger } from "./linger.ts";
import { boom, forEver, ignore, soon } from "./services.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

describe("CO-6 a set that is cancelled from outside", () => {
  it("CO-6 a signal cancels all with its reason; the set ends without a shutdown(), and leaves no listener", async () => {
    const { run, openBackgroundTasks, sleep, inspectTasks, timers, reports } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const seen = await unhandledDuring(() =>
      run(async () => {
        const set = openBackgroundTasks({ signal });
        const running = set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "a", onError: ignore });
        const waiting = set.add(() => Promise.reject(boom), {
          name: "b",
          onError: ignore,
          restart: { on: "failure", delay: 1000 },
        });
        await sleep(1);
        abort("gone");
        expect([await errorOf(running), await errorOf(waiting)]).toEqual(["gone", "gone"]);
        expect([running.state, waiting.state, inspectTasks()]).toEqual(["cancelled", "cancelled", []]);
        // Who adds to it now made no mistake.
        const late = set.add(forEver, { name: "late", onError: ignore });
        expect([late.state, late.path, await errorOf(late)]).toEqual(["cancelled", [waiting.path[0], "late"], "gone"]);
        void set.add(forEver, { name: "nobody listens", onError: ignore });
        // Its cancellation isn't the failure of its shutdown.
        await set.shutdown();
        expect(await errorOf(set.add(forEver, { name: "too late", onError: ignore }))).toBeInstanceOf(
          InvalidStateError,
        );
      }),
    );
    expect([seen, listening(), timers(), reports]).toEqual([[], 0, 0, []]);
  });

  it("CO-6 shutdown() meanwhile resolves after the drain, and can't lengthen it", async () => {
    const { run, openBackgroundTasks, sleep, now } = virtualRuntime();
    const { signal, abort } = watchedSignal();
    await run(async () => {
      const set = openBackgroundTasks({ signal });
      void set.add((scope) => linger(scope.sleep(1000), () => sleep(50)), { name: "a", onError: ignore });
      await sleep(1);
      abort();
      await sleep(10);
      await set.shutdown({ cancelAfter: 1000 });
    });
    expect(now()).toBe(51);
  });

  it("CO-6 abandonAfter then counts from that cancellation", async () => {
    const { run, openBackgroundTasks, sleep, now } = virtualRuntime();
    const { signal, abort } = watchedSignal();
    await run(async () => {
      const set = openBackgroundTasks({ signal });
      void set.add(() => new Promise(() => {}), { name: "deaf", onError: ignore });
      await sleep(1);
      abort();
      await sleep(10);
      expect(await errorOf(set.shutdown({ abandonAfter: 30 }))).toBeInstanceOf(AbandonedError);
    });
    expect(now()).toBe(31);
  });

  it("CO-6 a signal that cuts a shutdown short", async () => {
    const { run, openBackgroundTasks, sleep, now, timers } = virtualRuntime();
    const { signal, abort } = watchedSignal();
    await run(async () => {
      const set = openBackgroundTasks({ signal });
      const task = set.add(forEver, { name: "a", onError: ignore });
      void sleep(10).then(() => abort("now"));
      await set.shutdown({ cancelAfter: 1000 });
      expect(await errorOf(task)).toBe("now");
    });
    expect([now(), timers()]).toEqual([10, 0]);
  });

  it("CO-6 a signal that has been aborted: what is added is cancelled on arrival", async () => {
    const { run, openBackgroundTasks, inspectTasks, timers } = virtualRuntime();
    const fn = vi.fn();
    await run(async () => {
      const set = openBackgroundTasks({ signal: AbortSignal.abort("gone") });
      const task = set.add(fn, { name: "a", onError: ignore });
      expect([task.state, await errorOf(task)]).toEqual(["cancelled", "gone"]);
      await set.shutdown();
    });
    expect(fn).not.toHaveBeenCalled();
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it("CO-6 a timeout cancels all; the TimeoutError is the cause of their reason", async () => {
    const { run, openBackgroundTasks, now, timers, inspectTasks } = virtualRuntime();
    await run(async () => {
      const set = openBackgroundTasks({ timeout: 50 });
      const task = set.add(forEver, { name: "a", onError: ignore });
      expect(((await errorOf(task)) as Error).cause).toBeInstanceOf(TimeoutError);
      await set.shutdown();
    });
    expect([now(), timers(), inspectTasks()]).toEqual([50, 0, []]);
  });

  it("CO-6 what nobody asked the end of and was abandoned is reported", async () => {
    const { run, runtime, openBackgroundTasks, sleep, reports } = virtualRuntime();
    const test = takeOver(runtime, (host) => host);
    const error = new AbandonedError([]);
    const seen = await unhandledDuring(() =>
      run(async () => {
        const { signal, abort } = watchedSignal();
        const set = openBackgroundTasks({ signal, name: "set" });
        void set.add(() => new Promise(() => {}), { name: "deaf", onError: ignore });
        await sleep(1);
        abort();
        await sleep(1);
        test.abandon(error);
        await soon();
      }),
    );
    test.end();
    expect(reports.map((report) => [report.error, report.tasks[0]?.name])).toEqual([[error, "set"]]);
    expect(seen).toEqual([]);
  });

  it("CO-6 a parent's block waits for it, and its cancellation reaches it", async () => {
    const { run, taskGroup, openBackgroundTasks, sleep, now, reports } = virtualRuntime();
    const held: { task?: DetachedTask<void> } = {};
    await run(() =>
      taskGroup(async (group) => {
        const set = openBackgroundTasks({ parent: group });
        held.task = set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "a", onError: ignore });
        await group.sleep(10);
        group.cancel();
      }),
    );
    expect([held.task?.state, now(), reports]).toEqual(["cancelled", 15, []]);
  });

  it("CO-6 a parent that is cancelled already: the set is, too, and ends", async () => {
    const { run, taskGroup, openBackgroundTasks, timers } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.cancel("over");
        const set = openBackgroundTasks({ parent: group, signal: watchedSignal().signal });
        expect(await errorOf(set.add(forEver, { name: "a", onError: ignore }))).toBe(group.reason);
        await set.shutdown();
      }),
    );
    expect(timers()).toBe(0);
  });

  it("CO-6 a failure of a service isn't one of the parent", async () => {
    const { run, taskGroup, openBackgroundTasks } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        await using set = openBackgroundTasks({ parent: group });
        await errorOf(set.add(() => Promise.reject(boom), { name: "a", onError: ignore }));
        return "value";
      }),
    );
    expect(value).toBe("value");
  });

  it("CO-6 left without a shutdown() when the parent's function ends, it is cancelled, with a warning (LC-5)", async () => {
    const { run, taskGroup, openBackgroundTasks, sleep, now, reports, inspectTasks } = virtualRuntime();
    const held: { task?: DetachedTask<void>; waiting?: DetachedTask<void> } = {};
    const value = await run(() =>
      taskGroup({ name: "parent" }, async (group) => {
        const set = openBackgroundTasks({ parent: group, name: "set" });
        held.task = set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "a", onError: ignore });
        const restart = { on: "failure", delay: 1000 } as const;
        held.waiting = set.add(() => Promise.reject(boom), { name: "b", onError: ignore, restart });
        await group.sleep(10);
        return "value";
      }),
    );
    expect([value, now(), held.task?.state, held.waiting?.state, inspectTasks()]).toEqual([
      "value",
      15,
      "cancelled",
      "failed",
      [],
    ]);
    expect(reports.map(({ warning }) => warning)).toEqual([
      'BackgroundTasks "set" was left without shutdown(): cancelled parent > set > a, parent > set > b',
    ]);
  });

  it("CO-6 left without services there is no warning; after a shutdown() that nobody awaits neither", async () => {
    const { run, taskGroup, openBackgroundTasks, now, reports, addInstrument } = virtualRuntime();
    const cancelled: string[] = [];
    const left: BackgroundTasks[] = [];
    addInstrument({ onCancel: ({ name }) => void cancelled.push(name) });
    await run(() =>
      taskGroup((group) => {
        left.push(openBackgroundTasks({ parent: group }));
        const set = openBackgroundTasks({ parent: group });
        void set.add(({ sleep }) => sleep(50), { name: "a", onError: ignore });
        void set.shutdown({ cancelAfter: 100 });
      }),
    );
    expect([now(), reports, cancelled]).toEqual([50, [], []]);
    const late = left[0]?.add(forEver, { name: "late", onError: ignore });
    expect(await errorOf(late as DetachedTask<void>)).toBeInstanceOf(InvalidStateError);
  });

  it("CO-6 a service may open a set of its own", async () => {
    const { run, openBackgroundTasks, sleep, now, inspectTasks } = virtualRuntime();
    const starts: number[] = [];
    await run(async () => {
      await using outer = openBackgroundTasks({ name: "outer" });
      void outer.add(
        async (task) => {
          await using inner = openBackgroundTasks({ parent: task, name: "inner" });
          void inner.add(({ sleep: nap }) => (starts.push(now()), nap(Infinity)), { name: "deep", onError: ignore });
          await task.sleep(10);
          throw boom;
        },
        { name: "service", onError: ignore, restart: { on: "failure", delay: 5 } },
      );
      await sleep(32);
      expect(inspectTasks()[0]?.children[0]?.children[0]?.children[0]?.children[0]?.path).toEqual([
        "outer",
        "service",
        "inner",
        "deep",
      ]);
    });
    expect(starts).toEqual([0, 15, 30]);
  });
});
