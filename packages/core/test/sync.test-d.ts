import { expectTypeOf } from "vitest";
import { BrokenBarrierError, type InvalidStateError, QueueEmpty, QueueFull, QueueShutDown } from "../src/errors.ts";
import type { For, Scope, TaskGroup, TaskScope } from "../src/scope.ts";
import { AsyncEvent } from "../src/sync/async-event.ts";
import { AsyncQueue } from "../src/sync/async-queue.ts";
import { Barrier } from "../src/sync/barrier.ts";
import { Condition } from "../src/sync/condition.ts";
import { LifoQueue } from "../src/sync/lifo-queue.ts";
import { Mutex } from "../src/sync/mutex.ts";
import type { Permit } from "../src/sync/permit.ts";
import { PriorityQueue } from "../src/sync/priority-queue.ts";
import { Semaphore } from "../src/sync/semaphore.ts";

declare const scope: Scope;
declare const group: TaskGroup;
declare const task: TaskScope;
declare const signal: AbortSignal;

// for whom one waits
const semaphore = new Semaphore(2);
expectTypeOf<Parameters<Semaphore["acquire"]>>().toEqualTypeOf<[scope: For | null]>();
for (const whom of [scope, group, task, signal, null]) {
  expectTypeOf(semaphore.acquire(whom)).toEqualTypeOf<Promise<Permit>>();
}
// @ts-expect-error -- nobody waits without saying for whom
void semaphore.acquire();
// @ts-expect-error -- undefined says nothing
void semaphore.acquire(undefined);
// @ts-expect-error -- an options bag is no scope
void semaphore.acquire({ signal });

// Semaphore, Mutex, Permit
expectTypeOf(semaphore.tryAcquire()).toEqualTypeOf<Permit | undefined>();
expectTypeOf(semaphore.run(task, () => 7)).toEqualTypeOf<Promise<number>>();
expectTypeOf(semaphore.run(task, async () => "text")).toEqualTypeOf<Promise<string>>();
expectTypeOf(semaphore.available).toEqualTypeOf<number>();
expectTypeOf(semaphore.waiting).toEqualTypeOf<number>();
// @ts-expect-error -- how many?
void new Semaphore();
// @ts-expect-error -- only read
semaphore.available = 3;
expectTypeOf<Permit>().toExtend<Disposable>();
expectTypeOf<Permit["release"]>().toEqualTypeOf<(this: void) => void>();
const mutex = new Mutex();
expectTypeOf(mutex.lock(signal)).toEqualTypeOf<Promise<Permit>>();
expectTypeOf(mutex.tryLock()).toEqualTypeOf<Permit | undefined>();
expectTypeOf(mutex.run(null, async () => 7n)).toEqualTypeOf<Promise<bigint>>();
expectTypeOf(mutex.locked).toEqualTypeOf<boolean>();
// @ts-expect-error -- for whom?
void mutex.run(() => 7);

// AsyncEvent, Condition, Barrier
const event = new AsyncEvent();
expectTypeOf(event.wait(task)).toEqualTypeOf<Promise<void>>();
expectTypeOf(event.isSet).toEqualTypeOf<boolean>();
const condition = new Condition(mutex);
expectTypeOf(new Condition().mutex).toEqualTypeOf<Mutex>();
expectTypeOf(condition.wait(task)).toEqualTypeOf<Promise<void>>();
expectTypeOf(condition.waitFor(() => true, task)).toEqualTypeOf<Promise<void>>();
condition.notify();
condition.notify(2);
condition.notifyAll();
// @ts-expect-error -- a promise is always true
void condition.waitFor(async () => false, task);
// @ts-expect-error -- a mutex, not a permit
void new Condition(mutex.tryLock());
const barrier = new Barrier(2);
expectTypeOf(barrier.wait(task)).toEqualTypeOf<Promise<number>>();
expectTypeOf(barrier.parties).toEqualTypeOf<number>();
expectTypeOf(barrier.broken).toEqualTypeOf<boolean>();

// queues
const queue = new AsyncQueue<string>(10);
expectTypeOf(queue.put("item", task)).toEqualTypeOf<Promise<void>>();
expectTypeOf(queue.get(task)).toEqualTypeOf<Promise<string>>();
expectTypeOf(queue.tryGet()).toEqualTypeOf<string>();
expectTypeOf(queue.tryPut("item")).toEqualTypeOf<void>();
expectTypeOf(queue.join(null)).toEqualTypeOf<Promise<void>>();
expectTypeOf(queue.values(task)).toEqualTypeOf<AsyncIterableIterator<string>>();
queue.shutdown();
queue.shutdown({ immediate: true });
queue.shutdown({ immediate: undefined });
for await (const item of queue.values(task)) expectTypeOf(item).toEqualTypeOf<string>();
// It has no iterator of its own: for whom would that wait?
expectTypeOf<AsyncQueue<string>>().not.toExtend<AsyncIterable<string>>();
// @ts-expect-error -- not an item of this queue
queue.tryPut(7);
// @ts-expect-error -- for whom?
void queue.put("item");
expectTypeOf(new LifoQueue<string>(1)).toExtend<AsyncQueue<string>>();
expectTypeOf(new PriorityQueue<string>()).toExtend<AsyncQueue<string>>();
void new PriorityQueue<{ due: Date }>(undefined, (a, b) => a.due.getTime() - b.due.getTime());
// @ts-expect-error -- a comparison gives a number
void new PriorityQueue<number>(0, (a, b) => a < b);
// @ts-expect-error -- only a PriorityQueue compares
void new LifoQueue<number>(0, (a, b) => a - b);

// errors
expectTypeOf(new QueueFull("m", { cause: 1 }).code).toEqualTypeOf<"COHORT_QUEUE_FULL">();
expectTypeOf(new QueueEmpty().code).toEqualTypeOf<"COHORT_QUEUE_EMPTY">();
expectTypeOf(new QueueShutDown().code).toEqualTypeOf<"COHORT_QUEUE_SHUT_DOWN">();
expectTypeOf(new BrokenBarrierError().code).toEqualTypeOf<"COHORT_BROKEN_BARRIER">();
declare const caught: QueueFull | QueueEmpty | InvalidStateError;
if (caught.code === "COHORT_QUEUE_FULL") expectTypeOf(caught).toEqualTypeOf<QueueFull>();
