import { AsyncEvent, AsyncQueue, Barrier, Condition, type For, Mutex, type Permit, Semaphore } from "@cohort/core";
import { expect } from "vitest";
import { lockNow, take } from "./held.ts";

/** One primitive at which one has to wait. */
interface Primitive {
  /** Waits, one more. */
  wait(this: void, scope: For | null): Promise<unknown>;
  /** Lets the first who waits go on; with nobody there, whoever comes next. */
  give(this: void): void;
}

const holding = ({ release }: Permit) => ({ give: release });

/** Calls at once if the mutex is free, and in its turn otherwise. */
function withLock(mutex: Mutex, fn: () => void): void {
  const permit = mutex.tryLock();
  if (permit === undefined) return void mutex.run(null, fn);
  fn();
  permit.release();
}

/** Every wait of section 9, and what a report calls it. */
export const waits: [string, waitsFor: string, make: () => Primitive][] = [
  [
    "Semaphore.acquire",
    "a permit of a Semaphore",
    () => {
      const semaphore = new Semaphore(1);
      return { wait: (scope) => semaphore.acquire(scope), ...holding(take(semaphore)) };
    },
  ],
  [
    "Semaphore.run",
    "a permit of a Semaphore",
    () => {
      const semaphore = new Semaphore(1);
      // What runs never ends: the permit goes to one.
      const wait = (scope: For | null) =>
        new Promise((resolve, reject) => {
          const never = (): Promise<never> => (resolve(undefined), new Promise(() => {}));
          semaphore.run(scope, never).catch(reject);
        });
      return { wait, ...holding(take(semaphore)) };
    },
  ],
  [
    "Mutex.lock",
    "a Mutex",
    () => {
      const mutex = new Mutex();
      return { wait: (scope) => mutex.lock(scope), ...holding(lockNow(mutex)) };
    },
  ],
  [
    "AsyncEvent.wait",
    "an AsyncEvent",
    () => {
      const event = new AsyncEvent();
      return { wait: (scope) => event.wait(scope), give: () => event.set() };
    },
  ],
  [
    "Condition.wait",
    "a Condition",
    () => {
      const condition = new Condition();
      const { mutex } = condition;
      return {
        async wait(scope) {
          const permit = lockNow(mutex);
          try {
            await condition.wait(scope);
          } finally {
            expect(mutex.locked).toBe(true);
            permit.release();
          }
        },
        give: () => withLock(mutex, () => condition.notify()),
      };
    },
  ],
  [
    "Condition.waitFor",
    "a Condition",
    () => {
      const condition = new Condition();
      const { mutex } = condition;
      let stock = 0;
      return {
        async wait(scope) {
          const permit = lockNow(mutex);
          try {
            await condition.waitFor(() => stock > 0, scope);
            stock--;
          } finally {
            expect(mutex.locked).toBe(true);
            permit.release();
          }
        },
        give: () =>
          withLock(mutex, () => {
            stock++;
            condition.notify();
          }),
      };
    },
  ],
  [
    "Barrier.wait",
    "a Barrier",
    () => {
      const barrier = new Barrier(2);
      return { wait: (scope) => barrier.wait(scope), give: () => void barrier.wait(null) };
    },
  ],
  [
    "AsyncQueue.put",
    "room in an AsyncQueue",
    () => {
      const queue = new AsyncQueue<number>(1);
      queue.tryPut(0);
      return { wait: (scope) => queue.put(1, scope), give: () => void queue.tryGet() };
    },
  ],
  [
    "AsyncQueue.get",
    "an item of an AsyncQueue",
    () => {
      const queue = new AsyncQueue<number>();
      return { wait: (scope) => queue.get(scope), give: () => queue.tryPut(1) };
    },
  ],
  [
    "AsyncQueue.values().next",
    "an item of an AsyncQueue",
    () => {
      const queue = new AsyncQueue<number>();
      return { wait: async (scope) => queue.values(scope).next(), give: () => queue.tryPut(1) };
    },
  ],
  [
    "AsyncQueue.join",
    "an AsyncQueue to be done",
    () => {
      const queue = new AsyncQueue<number>();
      queue.tryPut(0);
      return { wait: (scope) => queue.join(scope), give: () => queue.taskDone() };
    },
  ],
];

/** Those that one can meet before anybody waits. A notification finds whoever waits then, or nobody. */
export const meetable = waits.filter(([name]) => name !== "Condition.wait");
/** Those where what one waiter doesn't get is for the next. A barrier waits for one more instead. */
export const handedOn = waits.filter(([name]) => name !== "Barrier.wait");
