import { PriorityQueue } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf } from "../virtual-runtime.ts";
import { drain } from "./queue-kinds.ts";
import { statesOf, track } from "./track.ts";

const boom = new Error("can't compare");

/** Compares numbers, and throws as soon as it sees the one that it can't. */
function touchy(a: number, b: number): number {
  if (a === 13 || b === 13) throw boom;
  return a - b;
}

describe("PriorityQueue", () => {
  it("SY the least comes first (test_queues PriorityQueue order)", () => {
    const queue = new PriorityQueue<number>();
    for (const item of [1, 3, 2]) queue.tryPut(item);
    expect(drain(queue)).toEqual([1, 2, 3]);
  });

  it.each<[string, readonly unknown[]]>([
    ["numbers by their value", [10, 9, -1, 0.5, Infinity, -Infinity]],
    ["big integers", [10n, 9n, -1n]],
    ["strings by their code units", ["b", "a", "", "B", "10", "9"]],
    ["dates", [new Date(5), new Date(3), new Date(10)]],
  ])("SY without compare: %s", (_what, items) => {
    const queue = new PriorityQueue<unknown>();
    for (const item of items) queue.tryPut(item);
    const got = drain(queue) as number[];
    for (let n = 1; n < got.length; n++) expect((got[n - 1] as number) < (got[n] as number)).toBe(true);
    expect(new Set(got)).toEqual(new Set(items));
  });

  it("SY with compare it is that which counts", () => {
    const queue = new PriorityQueue<{ n: number }>(0, (a, b) => b.n - a.n);
    for (const n of [1, 3, 2]) queue.tryPut({ n });
    expect(drain(queue).map(({ n }) => n)).toEqual([3, 2, 1]);
  });

  it("SY what is no function to compare by is a TypeError", () => {
    expect(() => new PriorityQueue(0, null as never)).toThrow(TypeError);
    expect(() => new PriorityQueue(0, "n" as never)).toThrow(TypeError);
  });

  it("SY equal items come in the order of their coming", () => {
    const queue = new PriorityQueue<[priority: number, order: number]>(0, ([a], [b]) => a - b);
    for (let n = 0; n < 100; n++) queue.tryPut([n % 3, n]);
    for (let n = 0; n < 50; n++) queue.tryGet();
    for (let n = 100; n < 200; n++) queue.tryPut([n % 3, n]);
    const got = drain(queue);
    for (const priority of [0, 1, 2]) {
      const own = got.filter(([p]) => p === priority).map(([, order]) => order);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it("SY also by `<`: of equal dates the first that came", () => {
    const queue = new PriorityQueue<Date>();
    const dates = Array.from({ length: 20 }, () => new Date(7));
    for (const date of dates) queue.tryPut(date);
    drain(queue).forEach((date, n) => expect(date).toBe(dates[n]));
  });

  it("SY as a stable sort would have it, whatever is put and taken (property)", () => {
    const step = fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, { weight: 2, arbitrary: fc.constant("take" as const) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const queue = new PriorityQueue<{ priority: number }>(0, (a, b) => a.priority - b.priority);
        let expected: { priority: number }[] = [];
        for (const next of steps) {
          if (next === "take") {
            if (expected.length > 0) expect(queue.tryGet()).toBe(expected.shift());
          } else {
            const item = { priority: next };
            queue.tryPut(item);
            expected = [...expected, item].sort((a, b) => a.priority - b.priority);
          }
        }
        expect(drain(queue)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("SY 100,000 items in and out make some 4 million comparisons, not 10 thousand million", () => {
    let comparisons = 0;
    const queue = new PriorityQueue<number>(0, (a, b) => (comparisons++, a - b));
    const size = 100_000;
    for (let n = 0; n < size; n++) queue.tryPut((n * 7919) % size);
    for (let n = 0; n < size; n++) expect(queue.tryGet()).toBe(n);
    expect(comparisons).toBeLessThan(3 * size * Math.log2(size));
  });

  it("SY an item that can't be compared is refused, and the queue is as it was", async () => {
    const queue = new PriorityQueue<number>(0, touchy);
    for (const item of [5, 3, 4]) queue.tryPut(item);
    expect(() => queue.tryPut(13)).toThrow(boom);
    expect(await errorOf(queue.put(13, null))).toBe(boom);
    expect(queue.size).toBe(3);
    for (const item of [3, 4, 5]) {
      expect(await queue.get(null)).toBe(item);
      queue.taskDone();
    }
    await queue.join(null);
  });

  it("SY a comparison that throws while an item is taken out loses nothing", async () => {
    let isBroken = false;
    const queue = new PriorityQueue<number>(0, (a, b) => {
      if (isBroken) throw boom;
      return a - b;
    });
    for (const item of [5, 3, 4, 1, 2]) queue.tryPut(item);
    isBroken = true;
    expect(() => queue.tryGet()).toThrow(boom);
    expect(await errorOf(queue.get(null))).toBe(boom);
    isBroken = false;
    expect(drain(queue)).toEqual([1, 2, 3, 4, 5]);
  });

  it("SY a putter whose item can't be compared hears of it, the one behind it gets its place, and the getter its item", async () => {
    const queue = new PriorityQueue<number>(2, touchy);
    queue.tryPut(1);
    queue.tryPut(2);
    const puts = [13, 3].map((item) => track(queue.put(item, null)));
    expect(queue.tryGet()).toBe(1);
    expect([await statesOf(puts), puts[0]?.error]).toEqual([["rejected", "fulfilled"], boom]);
    expect(drain(queue)).toEqual([2, 3]);
    for (let n = 0; n < 3; n++) queue.taskDone();
    await queue.join(null);
  });

  it("SY of a full one the least of those inside is given, before the putter who waits is let in", () => {
    const queue = new PriorityQueue<number>(2);
    queue.tryPut(5);
    queue.tryPut(7);
    void queue.put(1, null);
    expect([queue.tryGet(), queue.tryGet(), queue.tryGet()]).toEqual([5, 1, 7]);
  });
});
