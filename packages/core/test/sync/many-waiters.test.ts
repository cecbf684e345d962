import { AsyncEvent, AsyncQueue, Condition, Mutex, Semaphore } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { watchedSignal } from "../clauses/watched-signal.ts";
import { lockNow, take } from "./held.ts";
import { turn } from "./track.ts";

const WAITERS = 100_000;
const stop = new Error("stop");

/** Waits that many times, every second time for a signal of its own; cancels those; tells who got what. */
async function half<T>(wait: (scope: AbortSignal | null, n: number) => Promise<T>, give: () => void) {
  const [cancelled, got]: [number[], number[]] = [[], []];
  const controllers: AbortController[] = [];
  for (let n = 0; n < WAITERS; n++) {
    const controller = n % 2 === 0 ? new AbortController() : undefined;
    if (controller !== undefined) controllers.push(controller);
    void wait(controller?.signal ?? null, n).then(
      () => got.push(n),
      (error) => void (error === stop && cancelled.push(n)),
    );
  }
  // In no order, so that those who leave stand anywhere in the queue.
  for (let n = 0; n < controllers.length; n++) {
    controllers[(n * 7919) % controllers.length]?.abort(stop);
    if (n === controllers.length >> 1) await turn();
  }
  give();
  await turn();
  return { cancelled: cancelled.length, got };
}

const odd = Array.from({ length: WAITERS / 2 }, (_, n) => 2 * n + 1);

// Who searches its waiters for one that leaves takes minutes for these, on a machine that is busy otherwise.
describe(`SY ${WAITERS} waiters, of whom every second is cancelled`, { timeout: 30_000 }, () => {
  it("SY of a Semaphore: the others get the permit one after another, in order", async () => {
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const { cancelled, got } = await half(
      (scope) => semaphore.acquire(scope).then(({ release }) => release()),
      () => {
        expect(semaphore.waiting).toBe(WAITERS / 2);
        permit.release();
      },
    );
    expect([cancelled, got, semaphore.waiting, semaphore.available]).toEqual([WAITERS / 2, odd, 0, 1]);
  });

  it("SY of a Mutex", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const { cancelled, got } = await half(
      (scope) => mutex.lock(scope).then(({ release }) => release()),
      permit.release,
    );
    expect([cancelled, got, mutex.locked]).toEqual([WAITERS / 2, odd, false]);
  });

  it("SY of an AsyncEvent", async () => {
    const event = new AsyncEvent();
    const { cancelled, got } = await half(
      (scope) => event.wait(scope),
      () => event.set(),
    );
    expect([cancelled, got]).toEqual([WAITERS / 2, odd]);
  });

  it("SY of a Condition: the cancelled ones have had the mutex again before the others are woken", async () => {
    const condition = new Condition();
    const { mutex } = condition;
    const { cancelled, got } = await half(
      (scope) => {
        const permit = lockNow(mutex);
        return condition.wait(scope).finally(permit.release);
      },
      () => void mutex.run(null, () => condition.notifyAll()),
    );
    expect([cancelled, got, mutex.locked]).toEqual([WAITERS / 2, odd, false]);
  });

  it("SY of an AsyncQueue, to get", async () => {
    const queue = new AsyncQueue<number>();
    const items: number[] = [];
    const { cancelled, got } = await half(
      (scope) => queue.get(scope).then((item) => items.push(item)),
      () => odd.forEach((item) => queue.tryPut(item)),
    );
    expect([cancelled, got, items, queue.size]).toEqual([WAITERS / 2, odd, odd, 0]);
  });

  it("SY of an AsyncQueue, to put", async () => {
    const queue = new AsyncQueue<number>(1);
    queue.tryPut(-1);
    const items: number[] = [];
    const { cancelled, got } = await half(
      (scope, n) => queue.put(n, scope),
      () => {
        while (queue.size > 0) items.push(queue.tryGet());
      },
    );
    expect([cancelled, got, items]).toEqual([WAITERS / 2, odd, [-1, ...odd]]);
  });

  it("SY for one signal between them: one listener, and one abort tells them all", async () => {
    const semaphore = new Semaphore(1);
    const permit = take(semaphore);
    const { signal, abort, listening, added } = watchedSignal();
    const outcomes = { got: 0, cancelled: 0 };
    for (let n = 0; n < WAITERS; n++) {
      void semaphore.acquire(n % 2 === 0 ? signal : null).then(
        ({ release }) => (outcomes.got++, release()),
        () => outcomes.cancelled++,
      );
    }
    expect([semaphore.waiting, listening(), added()]).toEqual([WAITERS, 1, 1]);
    abort(stop);
    expect([semaphore.waiting, listening()]).toEqual([WAITERS / 2, 0]);
    permit.release();
    await turn();
    expect([outcomes, semaphore.available]).toEqual([{ got: WAITERS / 2, cancelled: WAITERS / 2 }, 1]);
  });
});
