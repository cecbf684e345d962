import {
  AsyncEvent,
  AsyncQueue,
  Barrier,
  Condition,
  InvalidStateError,
  Mutex,
  type Scope,
  Semaphore,
} from "@cohort/core";
import { describe, expect, it } from "vitest";
import { unhandledDuring } from "../clauses/unhandled.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { lockNow } from "./held.ts";
import { statesOf, track } from "./track.ts";
import { waits } from "./waits.ts";

describe.each(waits)("CA-9 %s left behind", (_name, waitsFor, make) => {
  it("CA-9 is cut off when its scope ends, and loses nothing", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { wait, give } = make();
    let left: Promise<unknown> | undefined;
    await run(() => taskGroup((group) => void group.createTask((task) => void (left = errorOf(wait(task))))));
    expect(await left).toBeInstanceOf(InvalidStateError);
    const next = track(wait(null));
    give();
    expect(await statesOf([next])).toEqual(["fulfilled"]);
  });

  it("DX-1 shows in a report", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    const { wait } = make();
    let seen: unknown;
    await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask((scope) => errorOf(wait(scope)));
        await group.sleep(1);
        seen = inspectTasks()[0]?.children[0]?.waitsFor;
        group.cancel();
        await task;
      }),
    );
    expect(seen).toEqual([waitsFor]);
  });
});

describe("CA-9 left behind, with the library's promise itself in nobody's hands", () => {
  const kinds: [string, (scope: Scope) => void][] = [
    ["Semaphore.acquire", (scope) => void new Semaphore(0).acquire(scope)],
    ["Semaphore.run", (scope) => void new Semaphore(0).run(scope, () => {})],
    [
      "Mutex.lock",
      (scope) => {
        const mutex = new Mutex();
        lockNow(mutex);
        void mutex.lock(scope);
      },
    ],
    [
      "Mutex.run",
      (scope) => {
        const mutex = new Mutex();
        lockNow(mutex);
        void mutex.run(scope, () => {});
      },
    ],
    ["AsyncEvent.wait", (scope) => void new AsyncEvent().wait(scope)],
    ["Barrier.wait", (scope) => void new Barrier(2).wait(scope)],
    ["AsyncQueue.get", (scope) => void new AsyncQueue().get(scope)],
    ["AsyncQueue.values().next", (scope) => void new AsyncQueue().values(scope).next()],
    [
      "AsyncQueue.put and join",
      (scope) => {
        const queue = new AsyncQueue(1);
        queue.tryPut(1);
        void queue.put(2, scope);
        void queue.join(scope);
      },
    ],
    [
      "Condition.wait",
      (scope) => {
        const condition = new Condition();
        lockNow(condition.mutex);
        void condition.wait(scope);
      },
    ],
    [
      "Condition.waitFor",
      (scope) => {
        const condition = new Condition();
        lockNow(condition.mutex);
        void condition.waitFor(() => false, scope);
      },
    ],
    [
      "Condition.waitFor in its second round",
      (scope) => {
        const condition = new Condition();
        lockNow(condition.mutex);
        let asked = 0;
        void condition.waitFor(() => ++asked > 2, scope);
        const other = lockNow(condition.mutex);
        condition.notify();
        other.release();
      },
    ],
  ];

  it.each(kinds)("CA-9 %s makes no unhandled rejection", async (_name, leave) => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          group.createTask(async (task) => {
            leave(task);
            await task.sleep(1);
          });
        }),
      ),
    );
    expect(seen).toEqual([]);
  });
});
