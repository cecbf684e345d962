import { Mutex, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { gate } from "../clauses/gate.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { lockNow } from "./held.ts";
import { statesOf, track, turn } from "./track.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("Mutex", () => {
  it("SY lock and release (test_locks lock release_no_waiters)", async () => {
    const mutex = new Mutex();
    expect(mutex.locked).toBe(false);
    const permit = await mutex.lock(null);
    expect([mutex.locked, mutex.tryLock()]).toEqual([true, undefined]);
    permit.release();
    expect(mutex.locked).toBe(false);
  });

  it("SY it is disposable (test_locks lock_by_with_statement context_manager)", async () => {
    const mutex = new Mutex();
    {
      using _permit = await mutex.lock(null);
      expect(mutex.locked).toBe(true);
    }
    expect(mutex.locked).toBe(false);
  });

  it("SY only who holds it can release it, and once (test_locks lock release_not_acquired)", async () => {
    const mutex = new Mutex();
    const { release } = lockNow(mutex);
    release();
    const second = lockNow(mutex);
    release();
    expect(mutex.locked).toBe(true);
    second.release();
    expect(mutex.locked).toBe(false);
  });

  it("SY each release lets one in, in the order of their coming (test_locks lock acquire)", async () => {
    const mutex = new Mutex();
    const first = lockNow(mutex);
    const waits = [1, 2].map(() => track(mutex.lock(null)));
    expect(await statesOf(waits)).toEqual(["waiting", "waiting"]);
    first.release();
    expect(await statesOf(waits)).toEqual(["fulfilled", "waiting"]);
    const third = track(mutex.lock(null));
    waits[0]?.value?.release();
    expect(await statesOf([...waits, third])).toEqual(["fulfilled", "fulfilled", "waiting"]);
    waits[1]?.value?.release();
    expect(await statesOf([third])).toEqual(["fulfilled"]);
    third.value?.release();
    expect(mutex.locked).toBe(false);
  });

  it("LI-2 a release hands it straight over: a newcomer can't get in between", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const wait = track(mutex.lock(null));
    permit.release();
    expect([mutex.locked, mutex.tryLock()]).toEqual([true, undefined]);
    const newcomer = track(mutex.lock(null));
    expect(await statesOf([wait, newcomer])).toEqual(["fulfilled", "waiting"]);
  });

  it("LI-2 a cancelled waiter is gone (test_locks lock acquire_cancel)", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const controller = new AbortController();
    const wait = mutex.lock(controller.signal);
    controller.abort(stop);
    expect(await errorOf(wait)).toBe(stop);
    permit.release();
    expect(mutex.locked).toBe(false);
  });

  it("LI-2 released and cancelled in one turn: the next one gets it (test_locks cancel_race)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const mutex = new Mutex();
    const blocker = gate();
    const order: string[] = [];
    const hold = (name: string, until?: Promise<void>) => async (task: TaskScope) => {
      using _permit = await mutex.lock(task);
      order.push(name);
      await until;
    };
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        group.createTask(hold("a", blocker.promise));
        const b = group.createTask(hold("b"));
        const c = group.createTask(hold("c"));
        await group.sleep(1);
        blocker.open();
        b.cancel();
        await c;
        expect(b.state).toBe("cancelled");
      }),
    );
    expect([order, mutex.locked]).toEqual([["a", "c"], false]);
  });

  it("LI-2 cancelled and released in one turn: one lock is taken, not two (test_locks cancel_release_race)", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const controller = new AbortController();
    const waits = [controller.signal, null, null].map((scope) => track(mutex.lock(scope)));
    await turn();
    controller.abort(stop);
    permit.release();
    expect(await statesOf(waits)).toEqual(["rejected", "fulfilled", "waiting"]);
  });

  it("LI-2 a second waiter behind a cancelled one is woken (test_locks finished_waiter_cancelled)", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const controller = new AbortController();
    const first = track(mutex.lock(controller.signal));
    await turn();
    const second = track(mutex.lock(null));
    controller.abort(stop);
    permit.release();
    expect([await statesOf([first, second]), mutex.locked]).toEqual([["rejected", "fulfilled"], true]);
  });

  it("LI-2 handed over before it was cancelled it is delivered", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const controller = new AbortController();
    const wait = track(mutex.lock(controller.signal));
    permit.release();
    controller.abort(stop);
    expect(await statesOf([wait])).toEqual(["fulfilled"]);
    wait.value?.release();
    expect(mutex.locked).toBe(false);
  });

  it("SY run lets one function in at a time, and out when it has really ended", async () => {
    const mutex = new Mutex();
    const order: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      order.push(`${name} in`);
      await turn();
      order.push(`${name} out`);
      return name;
    };
    const names = await Promise.all(["a", "b"].map((name) => mutex.run(null, work(name))));
    expect([names, order, mutex.locked]).toEqual([["a", "b"], ["a in", "a out", "b in", "b out"], false]);
  });

  it("SY run lets go of it when the function fails, and gives its error", async () => {
    const mutex = new Mutex();
    expect(await errorOf(mutex.run(null, () => Promise.reject(boom)))).toBe(boom);
    expect(mutex.locked).toBe(false);
  });

  it("LI-2 run doesn't call the function once its scope is cancelled, and what is none it refuses", async () => {
    const mutex = new Mutex();
    const permit = lockNow(mutex);
    const controller = new AbortController();
    const fn = vi.fn();
    const running = mutex.run(controller.signal, fn);
    permit.release();
    controller.abort(stop);
    expect(await errorOf(running)).toBe(stop);
    expect([fn.mock.calls.length, mutex.locked]).toEqual([0, false]);
    expect(await errorOf(mutex.run(null, 7 as never))).toBeInstanceOf(TypeError);
    expect(mutex.locked).toBe(false);
  });
});
