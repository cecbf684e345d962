import { AsyncQueue, LifoQueue, PriorityQueue, QueueEmpty, QueueFull, QueueShutDown } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Track, track, turn } from "./track.ts";
import { everybody, WHO, type Who } from "./waiters.ts";

interface Item {
  readonly id: number;
  readonly priority: number;
}

const who = fc.nat(WHO - 1);
const priority = fc.nat(3);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put" as const), who, priority }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("get" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("next" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tryPut" as const), priority }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tryGet" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("return" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
);
const end = fc.constantFrom("none", "shutdown", "shutdown immediately");

/** What a call must come to: a value, an error of a class, an error itself, or nothing so far. */
type Expected = { readonly value: unknown } | { readonly error: unknown } | undefined;

interface Call {
  readonly who: Who;
  readonly track: Track<unknown>;
  expected: Expected;
}
interface Put extends Call {
  readonly item: Item;
}
interface Get extends Call {
  readonly isNext: boolean;
}

/** What a queue is, told simply: arrays that are searched and sorted. */
class Model {
  items: Item[] = [];
  getters: Get[] = [];
  putters: Put[] = [];
  readonly accepted: Item[] = [];
  dropped: Item[] = [];
  isShutDown = false;

  private readonly kind: string;
  private readonly maxSize: number;

  constructor(kind: string, maxSize: number) {
    this.kind = kind;
    this.maxSize = maxSize;
  }

  get isFull(): boolean {
    return this.items.length >= this.maxSize;
  }

  accept(item: Item): void {
    this.accepted.push(item);
    const getter = this.getters.shift();
    if (getter !== undefined) getter.expected = given(getter, item);
    else this.items.push(item);
  }

  take(): Item {
    if (this.kind === "PriorityQueue") this.items.sort((a, b) => a.priority - b.priority);
    const item = (this.kind === "LifoQueue" ? this.items.pop() : this.items.shift()) as Item;
    const putter = this.putters.shift();
    if (putter !== undefined) {
      putter.expected = { value: undefined };
      this.accept(putter.item);
    }
    return item;
  }

  /** Whoever is cancelled leaves both queues. */
  cancel(gone: Who): void {
    for (const call of [...this.getters, ...this.putters]) {
      if (call.who === gone) call.expected = { error: gone.reason };
    }
    this.getters = this.getters.filter((call) => call.who !== gone);
    this.putters = this.putters.filter((call) => call.who !== gone);
  }

  shutdown(isImmediate: boolean): void {
    this.isShutDown = true;
    if (isImmediate) this.dropped = this.items.splice(0);
    for (const putter of this.putters.splice(0)) putter.expected = { error: QueueShutDown };
    for (const getter of this.getters.splice(0)) getter.expected = atEnd(getter.isNext);
  }
}

function given({ isNext }: { readonly isNext: boolean }, item: Item): Expected {
  return { value: isNext ? { done: false, value: item } : item };
}

function atEnd(isNext: boolean): Expected {
  return isNext ? { value: { done: true, value: undefined } } : { error: QueueShutDown };
}

/** A call that throws, as data. */
function attempt<T>(fn: () => T): Expected {
  try {
    return { value: fn() };
  } catch (error) {
    return { error };
  }
}

const kinds: [string, (maxSize: number) => AsyncQueue<Item>][] = [
  ["AsyncQueue", (maxSize) => new AsyncQueue(maxSize)],
  ["LifoQueue", (maxSize) => new LifoQueue(maxSize)],
  ["PriorityQueue", (maxSize) => new PriorityQueue<Item>(maxSize, (a, b) => a.priority - b.priority)],
];

describe.each(kinds)("%s, in random programs", (kind, make) => {
  it("LI-2 every item is delivered once, dropped by a shutdown or still there, in the queue's order (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: "max" }),
        fc.integer({ min: 0, max: 3 }),
        fc.tuple(end, fc.nat(60)),
        async (steps, maxSize, [how, when]) => {
          const queue = make(maxSize);
          const model = new Model(kind, maxSize || Infinity);
          const all = everybody();
          const iterators = all.map(({ scope }) => ({ values: queue.values(scope), isOver: false }));
          const calls: Call[] = [];
          const taken: unknown[] = [];
          let lastId = 0;
          const add = <C extends Call>(call: C): C => (calls.push(call), call);
          const check = (seen: Expected, expected: Expected): void => {
            if (expected === undefined || "value" in expected) return expect(seen).toEqual(expected);
            const { error } = seen as { error: unknown };
            if (typeof expected.error === "function") expect(error).toBeInstanceOf(expected.error);
            else expect(error).toBe(expected.error);
          };

          for (const [at, next] of steps.entries()) {
            if (at === when && how !== "none") {
              queue.shutdown({ immediate: how === "shutdown immediately" });
              model.shutdown(how === "shutdown immediately");
            }
            const by = all["who" in next ? next.who : 0] as Who;
            if (next.do === "put") {
              const item = { id: ++lastId, priority: next.priority };
              const put: Put = add({ who: by, item, track: track(queue.put(item, by.scope)), expected: undefined });
              if (by.isCancelled) put.expected = { error: by.reason };
              else if (model.isShutDown) put.expected = { error: QueueShutDown };
              else if (model.isFull) model.putters.push(put);
              else {
                put.expected = { value: undefined };
                model.accept(item);
              }
            } else if (next.do === "get" || next.do === "next") {
              const isNext = next.do === "next";
              const iterator = iterators[next.who] as (typeof iterators)[number];
              const promise: Promise<unknown> = isNext ? iterator.values.next() : queue.get(by.scope);
              const get: Get = add({ who: by, isNext, track: track(promise), expected: undefined });
              if (isNext && iterator.isOver) get.expected = atEnd(true);
              else if (by.isCancelled) get.expected = { error: by.reason };
              else if (model.items.length > 0) get.expected = given(get, model.take());
              else if (model.isShutDown) get.expected = atEnd(isNext);
              else model.getters.push(get);
            } else if (next.do === "tryPut") {
              const item = { id: ++lastId, priority: next.priority };
              const error = model.isShutDown ? QueueShutDown : model.isFull ? QueueFull : undefined;
              check(
                attempt(() => queue.tryPut(item)),
                error === undefined ? { value: undefined } : { error },
              );
              if (error === undefined) model.accept(item);
            } else if (next.do === "tryGet") {
              const result = attempt(() => queue.tryGet());
              if (model.items.length === 0) check(result, { error: model.isShutDown ? QueueShutDown : QueueEmpty });
              else check(result, { value: model.take() });
              if (result !== undefined && "value" in result) taken.push(result.value);
            } else if (next.do === "cancel") {
              by.cancel();
              if (by.isCancelled) model.cancel(by);
            } else if (next.do === "return") {
              const iterator = iterators[next.who] as (typeof iterators)[number];
              void iterator.values.return?.();
              iterator.isOver = true;
              for (const call of model.getters) if (call.isNext && call.who === by) call.expected = atEnd(true);
              model.getters = model.getters.filter((call) => !(call.isNext && call.who === by));
            } else {
              await turn();
            }
            expect(queue.size).toBe(model.items.length);
          }

          await turn();
          for (const { track: seen, expected } of calls) {
            if (expected === undefined) expect(seen.state).toBe("waiting");
            else check(seen.state === "fulfilled" ? { value: seen.value } : { error: seen.error }, expected);
          }
          // Beside the model: each item that was let in has gone to one place.
          const delivered = calls.flatMap(({ track: { state, value } }) => {
            if (state !== "fulfilled" || value === undefined) return [];
            if ("id" in (value as Item)) return [value];
            return (value as IteratorResult<Item>).done === true ? [] : [(value as IteratorResult<Item>).value];
          });
          const left: Item[] = [];
          while (queue.size > 0) {
            left.push(queue.tryGet());
            model.take();
          }
          const places = [...delivered, ...taken, ...left, ...model.dropped] as Item[];
          expect(places.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
            model.accepted.map(({ id }) => id).sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});
