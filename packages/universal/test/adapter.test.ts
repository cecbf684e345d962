import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adapter, now, openTaskGroup, sleep, taskGroup } from "@cohort/universal";

afterEach(() => {
  vi.useRealTimers();
});

describe("RT-2 the universal adapter", () => {
  it("RT-2 looks its host's timers up at the call, so that fake timers work", async () => {
    vi.useFakeTimers();
    const order: string[] = [];
    const group = taskGroup(async ({ createTask }) => {
      createTask(async (task) => {
        await task.sleep(3_600_000);
        order.push("an hour");
      });
      await sleep(60_000);
      order.push("a minute");
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(order).toEqual(["a minute"]);
    await vi.advanceTimersByTimeAsync(3_540_000);
    await group;
    expect(order).toEqual(["a minute", "an hour"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("RT-2 now() is in ms since the epoch and never goes back", () => {
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
    const times = Array.from({ length: 1000 }, () => now());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("TO-6 durations beyond what a host's timer can count don't fire at once", async () => {
    vi.useFakeTimers();
    let woke = false;
    void sleep(2 ** 31 + 1000).then(() => (woke = true));
    await vi.advanceTimersByTimeAsync(2 ** 31);
    expect(woke).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(woke).toBe(true);
  });

  it("RT-2 unref's timers where the host has that, and lets be where a timer is a number", () => {
    const timer = adapter.setTimer(() => {}, 1000) as unknown as NodeJS.Timeout;
    adapter.unrefTimer?.(timer as never);
    expect(timer.hasRef()).toBe(false);
    adapter.clearTimer(timer as never);
    expect(() => adapter.unrefTimer?.(7 as never)).not.toThrow();
  });

  it("CA-9 leaves no listener on a signal that outlives its groups", async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i++) {
      await taskGroup({ signal }, (group) => void group.createTask(({ sleep: nap }) => nap(0)));
    }
    const open = openTaskGroup({ signal });
    expect(getEventListeners(signal, "abort").length).toBe(1);
    await open.join();
    expect(getEventListeners(signal, "abort").length).toBe(0);
  });
});
