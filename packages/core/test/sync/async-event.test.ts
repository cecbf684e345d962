import { AsyncEvent } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { lastFirst } from "../last-first.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { statesOf, track, turn } from "./track.ts";

const stop = new Error("stop");

describe("AsyncEvent", () => {
  it("SY set wakes all who wait, in the order of their coming (test_locks event wait)", async () => {
    const event = new AsyncEvent();
    const order: number[] = [];
    const waits = [1, 2, 3].map((n) => event.wait(null).then(() => order.push(n)));
    await turn();
    expect([order, event.isSet]).toEqual([[], false]);
    event.set();
    expect(event.isSet).toBe(true);
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
  });

  it("SY (test_locks event test_wait; differs: asyncio's order is 3, 1, 2) who begins after the set doesn't wait, but comes after those whom it woke", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const event = new AsyncEvent();
    const order: number[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const waiter = (n: number) => group.createTask((task) => event.wait(task).then(() => order.push(n)));
        waiter(1);
        waiter(2);
        await group.sleep(0);
        expect(order).toEqual([]);
        waiter(3);
        event.set();
        await group.sleep(0);
        // The event may be cleared now: nobody waits any more. A set event's promise, too, takes a microtask to await.
        event.clear();
        expect([order, group.size]).toEqual([[1, 2, 3], 0]);
      }),
    );
    expect(now()).toBe(0);
  });

  it("SY it stays set: whoever comes later doesn't wait (test_locks event wait_on_set)", async () => {
    const event = new AsyncEvent();
    event.set();
    event.set();
    expect(await event.wait(null)).toBeUndefined();
    expect(await event.wait(null)).toBeUndefined();
  });

  it("SY after clear one waits again (test_locks event clear)", async () => {
    const event = new AsyncEvent();
    event.clear();
    event.set();
    event.clear();
    expect(event.isSet).toBe(false);
    const wait = track(event.wait(null));
    expect(await statesOf([wait])).toEqual(["waiting"]);
    event.set();
    expect(await statesOf([wait])).toEqual(["fulfilled"]);
  });

  it("SY set and cleared in one turn it lets through who waited then, and nobody after (test_locks event clear_with_waiters)", async () => {
    const event = new AsyncEvent();
    const before = [1, 2].map(() => track(event.wait(null)));
    event.set();
    event.clear();
    const after = track(event.wait(null));
    expect(await statesOf([...before, after])).toEqual(["fulfilled", "fulfilled", "waiting"]);
  });

  it("LI-2 a cancelled waiter is gone, the others go on (test_locks event wait_cancel)", async () => {
    const event = new AsyncEvent();
    const controller = new AbortController();
    const cancelled = event.wait(controller.signal);
    const other = track(event.wait(null));
    controller.abort(stop);
    expect(await errorOf(cancelled)).toBe(stop);
    event.set();
    expect(await statesOf([other])).toEqual(["fulfilled"]);
  });

  it("SY an adapter that orders what can run orders who is woken", async () => {
    const { run, taskGroup } = virtualRuntime({ defer: lastFirst() });
    const event = new AsyncEvent();
    const order: number[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const waits = [1, 2, 3].map((n) => event.wait(group).then(() => order.push(n)));
        event.set();
        await Promise.all(waits);
      }),
    );
    expect(order).toEqual([3, 2, 1]);
  });

  it("SY whoever waits for nobody's sake is woken in order, whatever an adapter likes", async () => {
    const { run } = virtualRuntime({ defer: lastFirst() });
    const event = new AsyncEvent();
    const order: number[] = [];
    await run(async () => {
      const waits = [1, 2, 3].map((n) => event.wait(null).then(() => order.push(n)));
      event.set();
      await Promise.all(waits);
    });
    expect(order).toEqual([1, 2, 3]);
  });
});
