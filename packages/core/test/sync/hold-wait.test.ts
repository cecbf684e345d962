import { AsyncQueue, Condition, Mutex, type RuntimeAdapter, Semaphore, type TaskGroup } from "@cohort/core";
import { expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const stop = new Error("stop");

/** A host that has to be kept from ending what waits, and how many waits it holds. */
function holding(): ReturnType<typeof virtualRuntime> & { readonly held: () => number } {
  const holds = new Set<object>();
  const holdWait: NonNullable<RuntimeAdapter["holdWait"]> = () => {
    const hold = {};
    holds.add(hold);
    return () => void holds.delete(hold);
  };
  return { ...virtualRuntime({ holdWait }), held: () => holds.size };
}

it("RT-5 holds every wait of a scope until it has been met", async () => {
  const { taskGroup, settle, held } = holding();
  const [semaphore, mutex, queue] = [new Semaphore(1), new Mutex(), new AsyncQueue<number>()];
  const seen: number[] = [];
  const [permit, place] = [await semaphore.acquire(null), await mutex.lock(null)];
  await taskGroup(async ({ createTask }) => {
    createTask((task) => semaphore.run(task, () => {}));
    createTask((task) => mutex.run(task, () => {}));
    createTask((task) => queue.get(task));
    createTask((task) => queue.values(task).next());
    await settle();
    seen.push(held());
    for (const { release } of [permit, place]) release();
    await settle();
    seen.push(held());
    queue.tryPut(1);
    queue.tryPut(2);
  });
  expect([seen, held()]).toEqual([[4, 2], 0]);
});

it("RT-5 lets go of a wait that is cancelled, and of one whose scope ends", async () => {
  const { taskGroup, settle, held } = holding();
  const [semaphore, condition] = [new Semaphore(0), new Condition()];
  const controller = new AbortController();
  const cancelled = taskGroup({ signal: controller.signal }, async (group) => {
    group.createTask((task) => semaphore.acquire(task));
    group.createTask(async (task) => {
      using _permit = await condition.mutex.lock(task);
      await condition.wait(task);
    });
    await settle();
    expect(held()).toBe(2);
    controller.abort(stop);
  });
  expect(await errorOf(cancelled)).toBe(stop);
  expect(held()).toBe(0);
  await taskGroup((group: TaskGroup) => void semaphore.acquire(group));
  await settle();
  expect([held(), semaphore.waiting]).toEqual([0, 0]);
});

it("RT-5 holds nothing for what is met at once, for a bare signal and for null, which have no host", async () => {
  const holdWait = vi.fn(() => () => {});
  const { taskGroup, settle } = virtualRuntime({ holdWait });
  const [free, none] = [new Semaphore(1), new Semaphore(0)];
  const controller = new AbortController();
  const waits = [none.acquire(controller.signal).catch((error: unknown) => error), none.acquire(null)];
  await taskGroup((group) => free.run(group, () => {}));
  controller.abort(stop);
  await settle();
  expect(await waits[0]).toBe(stop);
  expect(holdWait).not.toHaveBeenCalled();
});
