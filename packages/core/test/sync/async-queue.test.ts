import { AsyncQueue, LifoQueue, QueueEmpty, QueueFull } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { isCollected } from "../clauses/garbage.ts";
import { lastFirst } from "../last-first.ts";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { drain, kinds } from "./queue-kinds.ts";
import { statesOf, track, turn } from "./track.ts";

const stop = new Error("stop");

describe.each(kinds)("what all queues share (%s)", (_name, make) => {
  it("SY put and get, at once and awaited (test_queues nonblocking_put nonblocking_get blocking_put blocking_get)", async () => {
    const queue = make<number>();
    expect(queue.size).toBe(0);
    queue.tryPut(1);
    expect([queue.size, queue.tryGet(), queue.size]).toEqual([1, 1, 0]);
    await queue.put(2, null);
    expect([queue.size, await queue.get(null), queue.size]).toEqual([1, 2, 0]);
    expect(queue).toBeInstanceOf(AsyncQueue);
  });

  it("SY tryGet of an empty one is a QueueEmpty, tryPut to a full one a QueueFull (test_queues nonblocking_get_exception nonblocking_put_exception)", () => {
    const queue = make<number>(1);
    expect(() => queue.tryGet()).toThrow(QueueEmpty);
    queue.tryPut(1);
    expect(() => queue.tryPut(2)).toThrow(QueueFull);
    expect(queue.size).toBe(1);
  });

  it("SY put waits for room, one for each item that is taken (test_queues maxsize blocking_put_wait)", async () => {
    const queue = make<number>(2);
    const puts = [1, 2, 3, 4].map((item) => track(queue.put(item, null)));
    expect(await statesOf(puts)).toEqual(["fulfilled", "fulfilled", "waiting", "waiting"]);
    expect(queue.size).toBe(2);
    queue.tryGet();
    expect([await statesOf(puts), queue.size]).toEqual([["fulfilled", "fulfilled", "fulfilled", "waiting"], 2]);
    queue.tryGet();
    expect([await statesOf(puts), queue.size]).toEqual([["fulfilled", "fulfilled", "fulfilled", "fulfilled"], 2]);
  });

  it("SY get waits for an item (test_queues blocking_get_wait put_with_waiting_getters)", async () => {
    const queue = make<string>();
    const get = track(queue.get(null));
    expect(await statesOf([get])).toEqual(["waiting"]);
    await queue.put("a", null);
    expect([await statesOf([get]), get.value, queue.size]).toEqual([["fulfilled"], "a", 0]);
  });

  it.each([undefined, 0, -1, Infinity, -Infinity])(
    "SY with maxSize %s it is unbounded (test_queues maxsize)",
    (size) => {
      const queue = make<number>(size);
      for (let n = 0; n < 100; n++) queue.tryPut(n);
      expect(queue.size).toBe(100);
    },
  );

  it.each([NaN, 1.5, -0.5])("SY a maxSize of %d is a RangeError", (size) => {
    expect(() => make(size)).toThrow(RangeError);
  });

  it.each([null, "1", 1n, {}])("SY a maxSize of %o is a TypeError", (size) => {
    expect(() => make(size as never)).toThrow(TypeError);
  });

  it("SY getters who wait are served in the order of their coming, and nobody overtakes", async () => {
    const queue = make<number>();
    const gets = [1, 2].map(() => track(queue.get(null)));
    queue.tryPut(1);
    expect(queue.size).toBe(0);
    expect(() => queue.tryGet()).toThrow(QueueEmpty);
    queue.tryPut(2);
    await turn();
    expect(gets.map(({ value }) => value)).toEqual([1, 2]);
  });

  it("SY putters who wait are served in the order of their coming, and nobody overtakes (test_queues get_with_putters get_with_waiting_putters)", async () => {
    const queue = make<number>(1);
    queue.tryPut(1);
    const puts = [2, 3].map((item) => track(queue.put(item, null)));
    expect(queue.tryGet()).toBe(1);
    expect(() => queue.tryPut(9)).toThrow(QueueFull);
    expect(await statesOf(puts)).toEqual(["fulfilled", "waiting"]);
    expect([await queue.get(null), await queue.get(null), queue.size]).toEqual([2, 3, 0]);
    expect(await statesOf(puts)).toEqual(["fulfilled", "fulfilled"]);
  });

  it("SY producers and consumers of a small queue never wait for each other for ever (test_queues why_are_getters_waiting why_are_putters_waiting)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const queue = make<number>(1);
    const got: number[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let producer = 0; producer < 4; producer++) {
          group.createTask(async (task) => {
            for (let n = 0; n < 25; n++) await queue.put(producer * 25 + n, task);
          });
          group.createTask(async (task) => {
            for (let n = 0; n < 25; n++) got.push(await queue.get(task));
          });
        }
      }),
    );
    expect(got.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it.each([undefined, null, false, 0, "", NaN])("SY %o is an item like any other", async (item) => {
    const queue = make<unknown>(1);
    const get = track(queue.get(null));
    queue.tryPut(item);
    expect([await statesOf([get]), get.value]).toEqual([["fulfilled"], item]);
    queue.tryPut(item);
    const put = track(queue.put(item, null));
    expect([queue.size, queue.tryGet(), queue.size]).toEqual([1, item, 1]);
    expect([await queue.get(null), await statesOf([put])]).toEqual([item, ["fulfilled"]]);
    queue.tryPut(item);
    expect(await queue.values(null).next()).toEqual({ done: false, value: item });
  });

  it("LI-2 a cancelled getter is gone: the item goes to the next (test_queues get_cancelled_race cancelled_getters_not_being_held_in_self_getters)", async () => {
    const queue = make<string>();
    const controller = new AbortController();
    const first = track(queue.get(controller.signal));
    const second = track(queue.get(null));
    controller.abort(stop);
    queue.tryPut("a");
    expect(await statesOf([first, second])).toEqual(["rejected", "fulfilled"]);
    expect([first.error, second.value, queue.size]).toEqual([stop, "a", 0]);
    queue.tryPut("b");
    expect(queue.tryGet()).toBe("b");
  });

  it("LI-2 an item handed over before the cancellation is delivered (test_queues get_cancel_drop_one_pending_reader)", async () => {
    const queue = make<number>();
    const controller = new AbortController();
    const reader = queue.get(controller.signal);
    queue.tryPut(1);
    queue.tryPut(2);
    controller.abort(stop);
    expect(await reader).toBe(1);
    expect(await errorOf(queue.get(controller.signal))).toBe(stop);
    expect(drain(queue)).toEqual([2]);
  });

  it("LI-2 of many readers, one cancelled in the turn of the puts, no item is dropped (test_queues get_cancel_drop_many_pending_readers)", async () => {
    const queue = make<number>();
    const controller = new AbortController();
    const readers = [controller.signal, null, null].map((scope) => track(queue.get(scope)));
    await turn();
    controller.abort(stop);
    queue.tryPut(1);
    queue.tryPut(2);
    expect(await statesOf(readers)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect([readers[1]?.value, readers[2]?.value]).toEqual([1, 2]);
  });

  it("LI-2 a cancelled putter is gone, and its item is nowhere (test_queues put_cancelled_race cancelled_puts_not_being_held_in_self_putters)", async () => {
    const queue = make<string>(1);
    const controller = new AbortController();
    queue.tryPut("a");
    const puts = [track(queue.put("x", controller.signal)), track(queue.put("b", null))];
    controller.abort(stop);
    expect([await statesOf(puts), puts[0]?.error]).toEqual([["rejected", "waiting"], stop]);
    expect([queue.tryGet(), queue.tryGet(), queue.size]).toEqual(["a", "b", 0]);
    expect(await statesOf(puts)).toEqual(["rejected", "fulfilled"]);
  });

  it("LI-2 a putter cancelled after its item was let in has put it (test_queues put_cancel_drop cancelled_put_silence_value_error_exception)", async () => {
    const queue = make<number>(1);
    const controller = new AbortController();
    queue.tryPut(1);
    const writer = queue.put(2, controller.signal);
    expect(queue.tryGet()).toBe(1);
    controller.abort(stop);
    expect(await outcomeOf(writer)).toEqual({ value: undefined });
    expect(drain(queue)).toEqual([2]);
  });

  it("LI-2 a cancelled scope rejects, and neither puts nor takes", async () => {
    const queue = make<number>();
    const cancelled = AbortSignal.abort(stop);
    expect(await errorOf(queue.put(1, cancelled))).toBe(stop);
    expect(queue.size).toBe(0);
    queue.tryPut(2);
    expect(await errorOf(queue.get(cancelled))).toBe(stop);
    expect(drain(queue)).toEqual([2]);
  });

  it("SY nothing that was taken out is kept", async () => {
    const queue = make<object>();
    const refs: WeakRef<object>[] = [];
    const use = async (): Promise<void> => {
      for (let n = 0; n < 20; n++) {
        const item = { n, valueOf: () => n };
        refs.push(new WeakRef(item));
        queue.tryPut(item);
      }
      for (let n = 0; n < 10; n++) queue.tryGet();
      for (let n = 0; n < 10; n++) await queue.get(null);
      queue.tryPut({});
    };
    await use();
    for (const ref of refs) expect(await isCollected(ref)).toBe(true);
    expect(queue.size).toBe(1);
  });
});

describe("AsyncQueue", () => {
  it("SY first in, first out (test_queues order)", async () => {
    const queue = new AsyncQueue<number>();
    for (const item of [1, 3, 2]) queue.tryPut(item);
    expect(queue.tryGet()).toBe(1);
    queue.tryPut(4);
    expect(drain(queue)).toEqual([3, 2, 4]);
  });

  it("SY the order holds through any mixture of puts and gets", () => {
    const queue = new AsyncQueue<number>();
    let [put, got] = [0, 0];
    for (let round = 0; round < 100; round++) {
      for (let n = 0; n < (round * 7) % 13; n++) queue.tryPut(put++);
      for (let n = 0; n < (round * 5) % 11 && queue.size > 0; n++) expect(queue.tryGet()).toBe(got++);
    }
    expect(drain(queue)).toEqual(Array.from({ length: put - got }, (_, n) => got + n));
  });

  it("SY an adapter that orders what can run orders who is woken by the last taskDone", async () => {
    const { run, taskGroup } = virtualRuntime({ defer: lastFirst() });
    const queue = new AsyncQueue<number>();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        queue.tryPut(1);
        const joins = ["a", "b"].map((name) => queue.join(group).then(() => order.push(name)));
        queue.taskDone();
        await Promise.all(joins);
      }),
    );
    expect(order).toEqual(["b", "a"]);
  });
});

describe("LifoQueue", () => {
  it("SY last in, first out (test_queues LifoQueue order)", () => {
    const queue = new LifoQueue<number>();
    for (const item of [1, 3, 2]) queue.tryPut(item);
    expect(drain(queue)).toEqual([2, 3, 1]);
  });

  it("SY the item of a putter who waited comes last when it is let in, and so is the next", async () => {
    const queue = new LifoQueue<number>(2);
    const puts = [1, 2, 3].map((item) => queue.put(item, null));
    expect(drain(queue)).toEqual([2, 3, 1]);
    await Promise.all(puts);
  });
});
