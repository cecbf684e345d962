import { Condition, InvalidStateError, Mutex, type Permit, type Scope, type TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { unhandledDuring } from "../clauses/unhandled.ts";
import { lastFirst } from "../last-first.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { lockNow } from "./held.ts";
import { statesOf, type Track, track, turn } from "./track.ts";

const stop = new Error("stop");

/** One who has locked the mutex and waits now. */
function waiter(condition: Condition, scope: Scope | AbortSignal | null = null): { permit: Permit; wait: Track<void> } {
  const permit = lockNow(condition.mutex);
  return { permit, wait: track(condition.wait(scope)) };
}

/** Notifies as one must. */
function notify(condition: Condition, n?: number): void {
  const permit = lockNow(condition.mutex);
  condition.notify(n);
  permit.release();
}

describe("Condition", () => {
  it("SY it has a mutex of its own, or the one it is given (test_locks explicit_lock)", async () => {
    const mutex = new Mutex();
    const condition = new Condition(mutex);
    expect(condition.mutex).toBe(mutex);
    expect(new Condition().mutex).toBeInstanceOf(Mutex);
    expect(new Condition().mutex).not.toBe(new Condition().mutex);
    expect(() => new Condition({} as never)).toThrow(TypeError);
    using _permit = await condition.mutex.lock(null);
    expect(mutex.locked).toBe(true);
  });

  it("SY wait lets the mutex go, and has it again when it is notified (test_locks condition wait)", async () => {
    const condition = new Condition();
    const { permit, wait } = waiter(condition);
    expect(condition.mutex.locked).toBe(false);
    const notifier = lockNow(condition.mutex);
    condition.notify();
    expect(await statesOf([wait])).toEqual(["waiting"]);
    notifier.release();
    expect(condition.mutex.locked).toBe(true);
    expect(await statesOf([wait])).toEqual(["fulfilled"]);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY each who is notified has it in turn, one at a time (test_locks condition wait)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const condition = new Condition();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        for (const name of ["a", "b", "c"]) {
          group.createTask(async (task) => {
            using _permit = await condition.mutex.lock(task);
            await condition.wait(task);
            order.push(`${name} in`);
            await task.sleep(5);
            order.push(`${name} out`);
          });
        }
        await group.sleep(1);
        using _permit = await condition.mutex.lock(group);
        condition.notifyAll();
      }),
    );
    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY wait, notify and notifyAll need the mutex locked (test_locks wait_unacquired notify_unacquired notify_all_unacquired)", async () => {
    const condition = new Condition();
    expect(await errorOf(condition.wait(null))).toBeInstanceOf(InvalidStateError);
    expect(() => condition.notify()).toThrow(InvalidStateError);
    expect(() => condition.notifyAll()).toThrow(InvalidStateError);
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY notify(n) wakes the first n, and no more than wait (test_locks condition notify)", async () => {
    const condition = new Condition();
    const waits = [1, 2, 3].map(() => waiter(condition));
    const states = () => statesOf(waits.map(({ wait }) => wait));
    notify(condition);
    expect(await states()).toEqual(["fulfilled", "waiting", "waiting"]);
    waits[0]?.permit.release();
    notify(condition, 0);
    expect(await states()).toEqual(["fulfilled", "waiting", "waiting"]);
    const permit = lockNow(condition.mutex);
    condition.notify(1);
    condition.notify(2048);
    permit.release();
    expect(await states()).toEqual(["fulfilled", "fulfilled", "waiting"]);
    waits[1]?.permit.release();
    expect(await states()).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });

  it("SY notifyAll wakes all (test_locks notify_all)", async () => {
    const condition = new Condition();
    const waits = [1, 2].map(() => waiter(condition));
    const permit = lockNow(condition.mutex);
    condition.notifyAll();
    permit.release();
    for (const { permit: mine, wait } of waits) {
      expect(await statesOf([wait])).toEqual(["fulfilled"]);
      mine.release();
    }
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY to notify when nobody waits is forgotten", async () => {
    const condition = new Condition();
    notify(condition);
    const { wait } = waiter(condition);
    expect(await statesOf([wait])).toEqual(["waiting"]);
  });

  it.each([-1, 1.5, NaN])("SY notify(%d) is a RangeError, notify of no number a TypeError", (n) => {
    const condition = new Condition();
    using _permit = lockNow(condition.mutex);
    expect(() => condition.notify(n)).toThrow(RangeError);
    expect(() => condition.notify("1" as never)).toThrow(TypeError);
  });

  it("SY an adapter that orders what can run orders who is notified", async () => {
    const { run, taskGroup } = virtualRuntime({ defer: lastFirst() });
    const condition = new Condition();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const waits = ["a", "b", "c"].map(async (name) => {
          using _permit = await condition.mutex.lock(group);
          await condition.wait(group);
          order.push(name);
        });
        await group.sleep(1);
        await condition.mutex.run(group, () => condition.notifyAll());
        await Promise.all(waits);
      }),
    );
    expect(order).toEqual(["c", "b", "a"]);
  });

  it("LI-2 cancelled it has the mutex again, then rejects with the reason (test_locks condition wait_cancel)", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const { permit, wait } = waiter(condition, controller.signal);
    controller.abort(stop);
    expect(condition.mutex.locked).toBe(true);
    expect([await statesOf([wait]), wait.error]).toEqual([["rejected"], stop]);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("LI-2 cancelled while somebody else has the mutex, it waits for that first (test_locks wait_cancel_contested)", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const { permit, wait } = waiter(condition, controller.signal);
    const other = lockNow(condition.mutex);
    controller.abort(stop);
    expect(await statesOf([wait])).toEqual(["waiting"]);
    other.release();
    expect(condition.mutex.locked).toBe(true);
    expect([await statesOf([wait]), wait.error]).toEqual([["rejected"], stop]);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("LI-2 cancelled before the notification, somebody else gets that", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const first = waiter(condition, controller.signal);
    const second = waiter(condition);
    const permit = lockNow(condition.mutex);
    controller.abort(stop);
    condition.notify();
    permit.release();
    expect(await statesOf([first.wait, second.wait])).toEqual(["rejected", "waiting"]);
    first.permit.release();
    expect(await statesOf([second.wait])).toEqual(["fulfilled"]);
  });

  it("LI-2 cancelled after the notification it resolves, the mutex being locked (test_locks wait_cancel_after_notify)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const condition = new Condition();
    const seen: string[] = [];
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const late = group.createTask(async (task) => {
          using _permit = await condition.mutex.lock(task);
          await condition.wait(task);
          seen.push("notified");
          await condition.wait(task);
          seen.push("not reached");
        });
        await group.sleep(1);
        const permit = lockNow(condition.mutex);
        condition.notify();
        late.cancel();
        await group.sleep(1);
        expect(seen).toEqual([]);
        permit.release();
        expect(await errorOf(late)).toHaveProperty("code", "COHORT_CANCELLED");
      }),
    );
    expect([seen, condition.mutex.locked]).toEqual([["notified"], false]);
  });

  it("CA-3 the reason comes out itself, cancelled while it waits for a notification (test_locks cancelled_error_wakeup)", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    using _permit = lockNow(condition.mutex);
    const wait = condition.waitFor(() => false, controller.signal);
    controller.abort(stop);
    expect(await errorOf(wait)).toBe(stop);
    expect(condition.mutex.locked).toBe(true);
  });

  it("CA-3 and cancelled while it waits for the mutex (test_locks cancelled_error_re_aquire)", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const permit = lockNow(condition.mutex);
    const wait = track(condition.waitFor(() => false, controller.signal));
    const other = lockNow(condition.mutex);
    condition.notify();
    await turn();
    controller.abort(stop);
    other.release();
    // The notification was delivered, nothing came of it, and the next wait of the loop fails.
    expect([await statesOf([wait]), wait.error]).toEqual([["rejected"], stop]);
    expect(condition.mutex.locked).toBe(true);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it.each<[string, (pause: () => Promise<void>) => Promise<void>]>([
    ["in the turn of its notification (test_locks cancelled_wakeup)", async () => {}],
    ["while it waits for the mutex (test_locks cancelled_wakeup_relock)", (pause) => pause()],
  ])("LI-2 no wake-up is lost to a consumer that is cancelled %s", async (_when, between) => {
    const { run, taskGroup } = virtualRuntime();
    const condition = new Condition();
    let stock = 0;
    const consumer = async (task: TaskScope): Promise<void> => {
      using _permit = await condition.mutex.lock(task);
      for (;;) {
        await condition.waitFor(() => stock !== 0, task);
        if (stock < 0) return;
        stock--;
        condition.notifyAll();
      }
    };
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const [first] = [group.createTask(consumer), group.createTask(consumer)];
        await group.sleep(1);
        using _permit = await condition.mutex.lock(group);
        stock++;
        condition.notify();
        await between(() => group.sleep(1));
        first?.cancel();
        // Somebody has taken it: for ever is how long this waits otherwise.
        await condition.waitFor(() => stock === 0, group);
        stock = -1;
        condition.notifyAll();
      }),
    );
    expect(condition.mutex.locked).toBe(false);
  });

  it("LI-2 a cancelled scope rejects at once, and the mutex stays locked", async () => {
    const condition = new Condition();
    const permit = lockNow(condition.mutex);
    expect(await errorOf(condition.wait(AbortSignal.abort(stop)))).toBe(stop);
    expect(condition.mutex.locked).toBe(true);
    permit.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY a permit that was released while its wait goes on doesn't leave the mutex locked", async () => {
    const condition = new Condition();
    let wait: Track<void> | undefined;
    {
      using _permit = lockNow(condition.mutex);
      wait = track(condition.wait(null));
    }
    expect(condition.mutex.locked).toBe(false);
    notify(condition);
    expect([await statesOf([wait]), condition.mutex.locked]).toEqual([["fulfilled"], false]);
  });

  it("SY nor does one whose wait is cancelled then, nobody having the mutex", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const { permit, wait } = waiter(condition, controller.signal);
    permit.release();
    controller.abort(stop);
    expect([await statesOf([wait]), condition.mutex.locked]).toEqual([["rejected"], false]);
  });

  it("SY nor one that was released while it queues for the mutex: the next in the queue gets that", async () => {
    const condition = new Condition();
    const { permit, wait } = waiter(condition);
    const holder = lockNow(condition.mutex);
    condition.notify();
    const next = track(condition.mutex.lock(null));
    permit.release();
    expect([await statesOf([wait, next]), condition.mutex.locked]).toEqual([["waiting", "waiting"], true]);
    holder.release();
    expect(await statesOf([wait, next])).toEqual(["fulfilled", "fulfilled"]);
    next.value?.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY while a permit waits, to release it doesn't let go of somebody else's lock", async () => {
    const condition = new Condition();
    const { permit } = waiter(condition);
    const other = lockNow(condition.mutex);
    permit.release();
    expect(condition.mutex.locked).toBe(true);
    other.release();
    expect(condition.mutex.locked).toBe(false);
  });

  it("SY the permit of a wait that is over is the mutex's holder again", async () => {
    const condition = new Condition();
    const { permit, wait } = waiter(condition);
    notify(condition);
    await wait.promise;
    expect(condition.mutex.tryLock()).toBeUndefined();
    permit.release();
    permit.release();
    const next = lockNow(condition.mutex);
    permit.release();
    expect(condition.mutex.locked).toBe(true);
    next.release();
  });

  it("SY two conditions of one mutex are notified apart", async () => {
    const mutex = new Mutex();
    const [full, empty] = [new Condition(mutex), new Condition(mutex)];
    const first = waiter(full);
    const second = waiter(empty);
    notify(empty);
    expect(await statesOf([first.wait, second.wait])).toEqual(["waiting", "fulfilled"]);
  });

  it("SY a wait that was left behind gives the lock back to its permit, and is no unhandled rejection", async () => {
    const { run, taskGroup } = virtualRuntime();
    const condition = new Condition();
    let permit: Permit | undefined;
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          group.createTask(async (task) => {
            permit = await condition.mutex.lock(task);
            void condition.wait(task);
          });
        }),
      ),
    );
    expect([seen, condition.mutex.locked]).toEqual([[], true]);
    permit?.release();
    expect(condition.mutex.locked).toBe(false);
  });
});
