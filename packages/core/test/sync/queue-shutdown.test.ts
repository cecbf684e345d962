import { InvalidStateError, QueueShutDown } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf } from "../virtual-runtime.ts";
import { kinds } from "./queue-kinds.ts";
import { statesOf, track } from "./track.ts";

const stop = new Error("stop");

describe.each(kinds)("SY join and shutdown (%s)", (_name, make) => {
  it("SY taskDone more often than there were items is an InvalidStateError (test_queues task_done_underflow)", () => {
    const queue = make<number>();
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
    queue.tryPut(1);
    queue.taskDone();
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });

  it("SY join waits until every item is done (test_queues task_done)", async () => {
    const queue = make<number>();
    for (let n = 0; n < 5; n++) queue.tryPut(n);
    const joins = [1, 2].map(() => track(queue.join(null)));
    for (let n = 0; n < 5; n++) {
      expect(await statesOf(joins)).toEqual(["waiting", "waiting"]);
      await queue.get(null);
      queue.taskDone();
    }
    expect(await statesOf(joins)).toEqual(["fulfilled", "fulfilled"]);
  });

  it("SY join counts items that were handed over without having been in the queue, and those of putters only once they are in", async () => {
    const queue = make<number>(1);
    const get = queue.get(null);
    queue.tryPut(1);
    const join = track(queue.join(null));
    expect([await get, await statesOf([join])]).toEqual([1, ["waiting"]]);
    queue.tryPut(2);
    const put = track(queue.put(3, null));
    queue.taskDone();
    queue.taskDone();
    expect(await statesOf([join, put])).toEqual(["fulfilled", "waiting"]);
    queue.tryGet();
    const again = track(queue.join(null));
    expect(await statesOf([again, put])).toEqual(["waiting", "fulfilled"]);
    queue.taskDone();
    expect(await statesOf([again])).toEqual(["fulfilled"]);
  });

  it("SY join of an empty queue is over at once, and works again later (test_queues join_empty_queue)", async () => {
    const queue = make<number>();
    await queue.join(null);
    await queue.join(null);
    queue.tryPut(1);
    const join = track(queue.join(null));
    expect(await statesOf([join])).toEqual(["waiting"]);
    queue.taskDone();
    expect(await statesOf([join])).toEqual(["fulfilled"]);
  });

  it("SY shut down empty: who waits to get, and all who come, get a QueueShutDown (test_queues shutdown_empty)", async () => {
    const queue = make<string>();
    const get = track(queue.get(null));
    queue.shutdown();
    await queue.join(null);
    expect([await statesOf([get]), queue.size]).toEqual([["rejected"], 0]);
    expect(get.error).toBeInstanceOf(QueueShutDown);
    expect(await errorOf(queue.put("a", null))).toBeInstanceOf(QueueShutDown);
    expect(await errorOf(queue.get(null))).toBeInstanceOf(QueueShutDown);
    expect(() => queue.tryPut("a")).toThrow(QueueShutDown);
    expect(() => queue.tryGet()).toThrow(QueueShutDown);
  });

  it("SY shut down with items: who waits to put gets a QueueShutDown, what is in it can be taken (test_queues shutdown_nonempty)", async () => {
    const queue = make<string>(1);
    queue.tryPut("a");
    const join = track(queue.join(null));
    const put = track(queue.put("b", null));
    queue.shutdown();
    queue.shutdown();
    expect([await statesOf([put]), queue.size]).toEqual([["rejected"], 1]);
    expect(put.error).toBeInstanceOf(QueueShutDown);
    expect(() => queue.tryPut("c")).toThrow(QueueShutDown);
    expect(await queue.get(null)).toBe("a");
    expect(await statesOf([join])).toEqual(["waiting"]);
    expect(await errorOf(queue.get(null))).toBeInstanceOf(QueueShutDown);
    expect(() => queue.tryGet()).toThrow(QueueShutDown);
    queue.taskDone();
    expect(await statesOf([join])).toEqual(["fulfilled"]);
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });

  it("SY shut down immediately it drops its items and counts them as done (test_queues shutdown_immediate)", async () => {
    const queue = make<string>();
    queue.tryPut("a");
    const join = track(queue.join(null));
    queue.shutdown({ immediate: true });
    expect([await statesOf([join]), queue.size]).toEqual([["fulfilled"], 0]);
    expect(await errorOf(queue.get(null))).toBeInstanceOf(QueueShutDown);
    expect(() => queue.tryPut("b")).toThrow(QueueShutDown);
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });

  it("SY what was taken before must still be reported as done (test_queues shutdown_immediate_with_unfinished)", async () => {
    const queue = make<string>();
    queue.tryPut("a");
    queue.tryPut("b");
    const join = track(queue.join(null));
    await queue.get(null);
    queue.shutdown({ immediate: true });
    expect([await statesOf([join]), queue.size]).toEqual([["waiting"], 0]);
    queue.taskDone();
    expect(await statesOf([join])).toEqual(["fulfilled"]);
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });

  it("SY shut down immediately after it was shut down it drops what was left", async () => {
    const queue = make<number>();
    queue.tryPut(1);
    queue.shutdown({ immediate: false });
    queue.shutdown({ immediate: true });
    await queue.join(null);
    expect(queue.size).toBe(0);
    expect(() => queue.tryGet()).toThrow(QueueShutDown);
  });

  it("SY more taskDone than gets doesn't upset an immediate shutdown", async () => {
    const queue = make<number>();
    queue.tryPut(1);
    queue.tryPut(2);
    queue.taskDone();
    queue.taskDone();
    queue.shutdown({ immediate: true });
    await queue.join(null);
    expect(() => queue.taskDone()).toThrow(InvalidStateError);
  });

  it("LI-2 a cancelled scope gets its reason from a queue that was shut down, too", async () => {
    const queue = make<number>();
    queue.shutdown();
    const cancelled = AbortSignal.abort(stop);
    expect(await errorOf(queue.get(cancelled))).toBe(stop);
    expect(await errorOf(queue.put(1, cancelled))).toBe(stop);
    expect(await errorOf(queue.join(cancelled))).toBe(stop);
  });
});
