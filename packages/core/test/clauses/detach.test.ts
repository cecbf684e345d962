import { CancelledError, type DetachedTask, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

/** A detached task is a real promise: it travels through an async function only inside something. */
type Held<T> = { readonly task: DetachedTask<T> };

describe("CO-5 detach gives a standalone task", () => {
  it("CO-5 it is a real promise with the function's value", async () => {
    const { run, detach } = virtualRuntime();
    const { task } = await run(async (): Promise<Held<number>> => {
      const held = { task: detach(async ({ sleep }) => (await sleep(10), 7), { name: "poll" }) };
      expect(held.task).toBeInstanceOf(Promise);
      expect([await held.task, await held.task.then((value) => value + 1), await held.task.finally(() => {})]).toEqual([
        7, 8, 7,
      ]);
      return held;
    });
    expect([task.name, task.path, task.state]).toEqual(["poll", ["poll"], "done"]);
  });

  it("CO-5 it starts on a microtask, like a member, and goes through pending, running and its end", async () => {
    const { run, detach } = virtualRuntime();
    const order: unknown[] = [];
    await run(async () => {
      const task = detach(async ({ sleep }) => {
        order.push("started");
        await sleep(10);
      });
      order.push(task.state);
      await Promise.resolve();
      await Promise.resolve();
      order.push(task.state);
      await task;
      order.push(task.state);
    });
    expect(order).toEqual(["pending", "started", "running", "done"]);
  });

  it("CO-5 a group in which it was called neither waits for it nor cancels it", async () => {
    const { run, taskGroup, detach, now, sleep } = virtualRuntime();
    const held: Held<string>[] = [];
    await run(async () => {
      await taskGroup(async (group) => {
        held.push({ task: detach((task) => task.sleep(50).then(() => "done")) });
        await group.sleep(1);
        group.cancel();
      });
      expect([now(), held[0]?.task.state]).toEqual([1, "running"]);
      await sleep(100);
    });
    expect(held[0]?.task.state).toBe("done");
  });

  it("CO-5 under a parent it is cancelled with the parent, which waits for it", async () => {
    const { run, taskGroup, detach, now, sleep } = virtualRuntime();
    const held: Held<void>[] = [];
    await run(() =>
      taskGroup(async (group) => {
        held.push({ task: detach((task) => linger(task.sleep(1000), () => sleep(5)), { parent: group }) });
        await group.sleep(10);
        group.cancel();
      }),
    );
    expect([held[0]?.task.state, now()]).toEqual(["cancelled", 15]);
  });

  it("CO-5 names default to Task-N (ME-8)", async () => {
    const { run, detach } = virtualRuntime();
    await run(async () => {
      const [a, b] = [detach(() => {}), detach(() => {})];
      expect([a.name, b.name]).toEqual([`Task-${a.id}`, `Task-${b.id}`]);
      expect(a.id).not.toBe(b.id);
    });
  });

  it("CO-5 what it opened and left open is waited for", async () => {
    const { run, detach, now } = virtualRuntime();
    await run(() => detach((task) => void task.taskGroup(({ sleep }) => sleep(30))));
    expect(now()).toBe(30);
  });
});

describe("CO-5 cancel()", () => {
  it("CO-5 returns true if the request was made, and the promise rejects with a CancelledError caused by the reason", async () => {
    const { run, detach, now } = virtualRuntime();
    await run(async () => {
      const task = detach(({ sleep }) => sleep(1000));
      await Promise.resolve();
      await Promise.resolve();
      expect(task.cancel("why")).toBe(true);
      const error = await errorOf(task);
      expect(error).toBeInstanceOf(CancelledError);
      expect((error as Error).cause).toBe("why");
      expect(task.state).toBe("cancelled");
    });
    expect(now()).toBe(0);
  });

  it("CO-5 returns false if it is done, failed or cancelled", async () => {
    const { run, detach } = virtualRuntime();
    await run(async () => {
      const tasks = [detach(() => 1), detach(() => Promise.reject(new Error("no"))), detach(({ sleep }) => sleep(10))];
      tasks[2]?.cancel();
      await Promise.allSettled(tasks);
      expect(tasks.map(({ state }) => state)).toEqual(["done", "failed", "cancelled"]);
      expect(tasks.map((task) => task.cancel())).toEqual([false, false, false]);
    });
  });

  it("CO-5 before the start: the function is never called", async () => {
    const { run, detach } = virtualRuntime();
    const fn = vi.fn();
    await run(async () => {
      const task = detach(fn);
      expect(task.cancel()).toBe(true);
      expect(await errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.state).toBe("cancelled");
    });
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-5 under a cancelled parent, or by an aborted signal, the function is never called", async () => {
    const { run, taskGroup, detach } = virtualRuntime();
    const fn = vi.fn();
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        expect(await errorOf(detach(fn, { parent: group }))).toBe(group.reason);
        expect(await errorOf(detach(fn, { signal: AbortSignal.abort("gone") }))).toBe("gone");
      }),
    );
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-5 a task that swallows it is done with its value; one that fails meanwhile has failed", async () => {
    const { run, detach } = virtualRuntime();
    await run(async () => {
      const swallows = detach(({ sleep }) => sleep(10).catch(() => "value"));
      const fails = detach(({ sleep }) => sleep(10).catch(() => Promise.reject(undefined)));
      await Promise.resolve();
      await Promise.resolve();
      expect([swallows.cancel(), fails.cancel()]).toEqual([true, true]);
      expect([await outcomeOf(swallows), await outcomeOf(fails)]).toEqual([{ value: "value" }, { error: undefined }]);
      expect([swallows.state, fails.state]).toEqual(["done", "failed"]);
    });
  });

  it("CO-5 twice returns true twice; the first reason stays", async () => {
    const { run, detach, sleep } = virtualRuntime();
    await run(async () => {
      const task = detach((scope) => linger(scope.sleep(10), () => sleep(10)));
      await Promise.resolve();
      await Promise.resolve();
      expect([task.cancel("first"), task.cancel("second")]).toEqual([true, true]);
      expect(((await errorOf(task)) as Error).cause).toBe("first");
    });
  });

  it("CO-5 an outside signal cancels with its own reason, a timeout with a TimeoutError", async () => {
    const { run, detach, now } = virtualRuntime();
    await run(async () => {
      const signal = AbortSignal.abort("gone");
      expect(await outcomeOf(detach(({ sleep }) => sleep(10), { signal }))).toEqual({ error: "gone" });
      expect(await errorOf(detach(({ sleep }) => sleep(1000), { timeout: 10 }))).toBeInstanceOf(TimeoutError);
    });
    expect(now()).toBe(10);
  });
});

describe("CO-5 a failure that nobody observes", () => {
  it.each([new Error("boom"), undefined, null, ""])(
    "CO-5 surfaces through the runtime's own unhandled-rejection path, once: %s",
    async (thrown) => {
      const { detach, reports } = virtualRuntime();
      const seen = await unhandledDuring(async () => {
        void detach(() => Promise.reject(thrown));
      });
      expect([seen, reports]).toEqual([[thrown], []]);
    },
  );

  it("CO-5 a synchronous throw likewise, and never out of detach()", async () => {
    const { detach } = virtualRuntime();
    const boom = new Error("sync");
    const seen = await unhandledDuring(async () => {
      void detach(() => {
        throw boom;
      });
    });
    expect(seen).toEqual([boom]);
  });

  it("CO-5 one that somebody observes doesn't", async () => {
    const { detach } = virtualRuntime();
    const seen = await unhandledDuring(async () => {
      expect(await outcomeOf(detach(() => Promise.reject("no")))).toEqual({ error: "no" });
    });
    expect(seen).toEqual([]);
  });

  it("CO-5 a cancellation that nobody waits for is nobody's error", async () => {
    const { detach, settle } = virtualRuntime();
    const seen = await unhandledDuring(async () => {
      const [early, late] = [detach(({ sleep }) => sleep(10)), detach(({ sleep }) => sleep(10))];
      early.cancel();
      await settle();
      late.cancel();
    });
    expect(seen).toEqual([]);
  });
});
