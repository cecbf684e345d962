import {
  AsyncQueue,
  type DetachedTask,
  InvalidStateError,
  LifoQueue,
  PriorityQueue,
  QueueShutDown,
} from "@cohort/core";
import { describe, expect, it } from "vitest";
import { unhandledDuring } from "../clauses/unhandled.ts";
import { watchedSignal } from "../clauses/watched-signal.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { statesOf, track, turn } from "./track.ts";

const boom = new Error("boom");
const stop = new Error("stop");
const DONE = { done: true, value: undefined };

describe("iteration by queue.values()", () => {
  it("SY it gives the items as they come, and ends when the queue is shut down and empty", async () => {
    const queue = new AsyncQueue<number>();
    const got: number[] = [];
    const loop = (async () => {
      for await (const item of queue.values(null)) got.push(item);
      return "over";
    })();
    queue.tryPut(1);
    await turn();
    queue.tryPut(2);
    queue.tryPut(3);
    await turn();
    expect(got).toEqual([1, 2, 3]);
    queue.tryPut(4);
    queue.tryPut(5);
    queue.shutdown();
    expect([await loop, got]).toEqual(["over", [1, 2, 3, 4, 5]]);
  });

  it("SY a queue that is shut down already and has items gives those", async () => {
    const queue = new AsyncQueue<number>();
    queue.tryPut(1);
    queue.shutdown();
    const values = queue.values(null);
    expect([await values.next(), await values.next(), await values.next()]).toEqual([
      { done: false, value: 1 },
      DONE,
      DONE,
    ]);
  });

  it("SY an immediate shutdown ends it at once", async () => {
    const queue = new AsyncQueue<number>();
    const waiting = queue.values(null).next();
    queue.shutdown({ immediate: true });
    expect(await waiting).toEqual(DONE);
    const other = new AsyncQueue<number>();
    other.tryPut(1);
    other.shutdown({ immediate: true });
    expect(await other.values(null).next()).toEqual(DONE);
  });

  it("SY it makes room for those who wait to put", async () => {
    const queue = new AsyncQueue<number>(1);
    const puts = [1, 2, 3].map((item) => track(queue.put(item, null)));
    const values = queue.values(null);
    expect([await values.next(), await values.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
    ]);
    expect(await statesOf(puts)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });

  it("SY it gives the items in the queue's own order", async () => {
    const collect = async (queue: AsyncQueue<number>): Promise<number[]> => {
      for (const item of [2, 3, 1]) queue.tryPut(item);
      queue.shutdown();
      const items: number[] = [];
      for await (const item of queue.values(null)) items.push(item);
      return items;
    };
    expect(await collect(new AsyncQueue())).toEqual([2, 3, 1]);
    expect(await collect(new LifoQueue())).toEqual([1, 3, 2]);
    expect(await collect(new PriorityQueue())).toEqual([1, 2, 3]);
  });

  it("SY several who iterate share the items, each item going to one", async () => {
    const { run, taskGroup } = virtualRuntime();
    const queue = new AsyncQueue<number>(2);
    const got: [worker: number, item: number][] = [];
    await run(() =>
      taskGroup(async (group) => {
        for (const worker of [0, 1, 2]) {
          group.createTask(async (task) => {
            for await (const item of queue.values(task)) {
              got.push([worker, item]);
              await task.sleep(1 + worker);
              queue.taskDone();
            }
          });
        }
        for (let n = 0; n < 30; n++) await queue.put(n, group);
        await queue.join(group);
        queue.shutdown();
      }),
    );
    expect(got.map(([, item]) => item)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(new Set(got.map(([worker]) => worker)).size).toBe(3);
  });

  it("SY several next() at once are served in order", async () => {
    const queue = new AsyncQueue<number>();
    const values = queue.values(null);
    const results = [values.next(), values.next(), values.next()];
    queue.tryPut(1);
    queue.tryPut(2);
    queue.shutdown();
    expect(await Promise.all(results)).toEqual([{ done: false, value: 1 }, { done: false, value: 2 }, DONE]);
  });

  it("SY break ends it at once, and what isn't taken stays in the queue", async () => {
    const queue = new AsyncQueue<number>();
    for (const item of [1, 2, 3]) queue.tryPut(item);
    for await (const item of queue.values(null)) if (item === 2) break;
    expect([queue.size, queue.tryGet()]).toEqual([1, 3]);
  });

  it("SY return() ends the next() that waits, and loses no item", async () => {
    const queue = new AsyncQueue<number>();
    const values = queue.values(null);
    const waits = [track(values.next()), track(values.next())];
    expect(await values.return?.()).toEqual(DONE);
    expect(await statesOf(waits)).toEqual(["fulfilled", "fulfilled"]);
    expect(waits.map(({ value }) => value)).toEqual([DONE, DONE]);
    queue.tryPut(1);
    expect(queue.size).toBe(1);
    expect(await values.next()).toEqual(DONE);
    expect(queue.tryGet()).toBe(1);
  });

  it("SY an item that was handed over before return() is delivered", async () => {
    const queue = new AsyncQueue<number>();
    const values = queue.values(null);
    const waiting = values.next();
    queue.tryPut(1);
    expect(await values.return?.()).toEqual(DONE);
    expect([await waiting, queue.size]).toEqual([{ done: false, value: 1 }, 0]);
  });

  it("SY return() of one leaves the others alone", async () => {
    const queue = new AsyncQueue<number>();
    const [one, two] = [queue.values(null), queue.values(null)];
    const [first, second, get] = [track(one.next()), track(two.next()), track(queue.get(null))];
    await one.return?.();
    queue.tryPut(1);
    queue.tryPut(2);
    expect(await statesOf([first, second, get])).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect([first.value, second.value, get.value]).toEqual([DONE, { done: false, value: 1 }, 2]);
  });

  it("SY return() after items that were waited for has nothing to take back, and leaves the others alone", async () => {
    const queue = new AsyncQueue<number>();
    const values = queue.values(null);
    for (let n = 0; n < 3; n++) {
      const waiting = values.next();
      queue.tryPut(n);
      expect(await waiting).toEqual({ done: false, value: n });
    }
    const others = [track(queue.get(null)), track(queue.get(null))];
    await values.return?.();
    queue.tryPut(7);
    queue.tryPut(8);
    expect(await statesOf(others)).toEqual(["fulfilled", "fulfilled"]);
    expect(others.map(({ value }) => value)).toEqual([7, 8]);
  });

  it("LI-2 next() rejects with the reason of a cancelled scope, also with items there, and takes none", async () => {
    const queue = new AsyncQueue<number>();
    const controller = new AbortController();
    const values = queue.values(controller.signal);
    queue.tryPut(1);
    expect(await values.next()).toEqual({ done: false, value: 1 });
    const waiting = values.next();
    controller.abort(stop);
    expect(await errorOf(waiting)).toBe(stop);
    queue.tryPut(2);
    expect(await errorOf(values.next())).toBe(stop);
    queue.shutdown();
    expect(await errorOf(values.next())).toBe(stop);
    expect(queue.size).toBe(1);
  });

  it("LI-2 an item that was handed over before the cancellation is delivered", async () => {
    const queue = new AsyncQueue<number>();
    const controller = new AbortController();
    const values = queue.values(controller.signal);
    const waiting = values.next();
    queue.tryPut(1);
    controller.abort(stop);
    expect(await waiting).toEqual({ done: false, value: 1 });
    expect(await errorOf(values.next())).toBe(stop);
  });

  it("LI-2 a loop ends with the cancellation of its task, and the item that comes then stays in the queue", async () => {
    const { run, taskGroup, detach } = virtualRuntime();
    const queue = new AsyncQueue<number>();
    let task: DetachedTask<void> | undefined;
    await run(() =>
      taskGroup(async (group) => {
        task = detach(async (scope) => {
          for await (const _ of queue.values(scope));
        });
        await group.sleep(1);
        task.cancel();
        queue.tryPut(1);
        expect(await errorOf(task)).toHaveProperty("code", "COHORT_CANCELLED");
      }),
    );
    expect([task?.state, queue.size]).toEqual(["cancelled", 1]);
  });

  it("SY a QueueShutDown that is itself the reason of a cancellation doesn't pass for the end", async () => {
    const queue = new AsyncQueue<number>();
    const reason = new QueueShutDown("another queue's");
    const controller = new AbortController();
    const waiting = queue.values(controller.signal).next();
    controller.abort(reason);
    expect(await errorOf(waiting)).toBe(reason);
  });

  it.each([undefined, {}, 7, "task", Symbol("task")])("SY values(%o) is a TypeError that asks for whom", (scope) => {
    const queue = new AsyncQueue<number>();
    expect(() => queue.values(scope as never)).toThrow(TypeError);
    expect(() => queue.values(scope as never)).toThrow(/for whom/);
  });

  it("SY an error in the loop's body comes out, and the iteration is over", async () => {
    const queue = new AsyncQueue<number>();
    queue.tryPut(1);
    queue.tryPut(2);
    const values = queue.values(null);
    const loop = async (): Promise<void> => {
      for await (const _ of values) throw boom;
    };
    expect(await errorOf(loop())).toBe(boom);
    expect([await values.next(), queue.size]).toEqual([DONE, 1]);
  });

  it("SY the items of an iteration may be promises: they are given as they are", async () => {
    const queue = new AsyncQueue<Promise<number>>();
    const item = Promise.resolve(7);
    queue.tryPut(item);
    const result = await queue.values(null).next();
    expect(result.value).toBe(item);
    const waiting = queue.values(null).next();
    queue.tryPut(item);
    expect((await waiting).value).toBe(item);
  });

  it("CA-9 an iterator holds a listener on its signal only while a next() waits", async () => {
    const queue = new AsyncQueue<number>();
    const { signal, listening } = watchedSignal();
    const values = queue.values(signal);
    expect(listening()).toBe(0);
    const waits = [values.next(), values.next()];
    expect(listening()).toBe(1);
    queue.tryPut(1);
    expect(listening()).toBe(1);
    await values.return?.();
    expect(listening()).toBe(0);
    await Promise.all(waits);
  });

  it("CA-9 a next() that was left behind is cut off when its scope ends, without an unhandled rejection", async () => {
    const { run, taskGroup } = virtualRuntime();
    const queue = new AsyncQueue<number>();
    let left: Promise<unknown> | undefined;
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          group.createTask((task) => {
            const values = queue.values(task);
            left = values.next();
            void values.next();
          });
        }),
      ),
    );
    expect(seen).toEqual([]);
    expect(await errorOf(left as Promise<unknown>)).toBeInstanceOf(InvalidStateError);
    queue.tryPut(1);
    expect(queue.size).toBe(1);
  });
});
