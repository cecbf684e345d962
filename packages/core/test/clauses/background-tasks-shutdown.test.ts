import {
  AbandonedError,
  CancelledError,
  type DetachedTask,
  InvalidStateError,
  takeOver,
  type TaskScope,
} from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { linger } from "./linger.ts";
import { boom, forEver, ignore, services, soon } from "./services.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("CO-6 shutdown()", () => {
  it("CO-6 cancels and drains, then resolves, however the services ended", async () => {
    const { run, open, told, onError, sleep, now, inspectTasks, timers } = services();
    await run(async () => {
      const set = open();
      const obeys = set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "obeys", onError });
      const fails = set.add(({ sleep: nap }) => nap(1000).catch(() => Promise.reject(boom)), {
        name: "fails",
        onError,
      });
      const swallows = set.add(({ sleep: nap }) => nap(1000).catch(ignore), { name: "swallows", onError });
      await soon();
      await set.shutdown();
      expect([obeys.state, fails.state, swallows.state, set.size]).toEqual(["cancelled", "failed", "done", 0]);
      const reason = (await errorOf(obeys)) as Error;
      expect(reason).toBeInstanceOf(CancelledError);
      expect(reason.message).toMatch(/BackgroundTasks.*shut down/);
    });
    expect([told, now(), inspectTasks(), timers()]).toEqual([[[boom, "fails", 0]], 5, [], 0]);
  });

  it("CO-6 of a set without services, or whose services have ended, resolves at once", async () => {
    const { run, open, onError, now } = services();
    await run(async () => {
      await open().shutdown({ cancelAfter: 1000 });
      const set = open();
      await set.add(ignore, { name: "a", onError });
      await set.shutdown({ cancelAfter: 1000, abandonAfter: 1000 });
    });
    expect(now()).toBe(0);
  });

  it("CO-6 a service that hasn't started never runs", async () => {
    const { run, open, onError } = services();
    const fn = vi.fn();
    await run(async () => {
      const set = open();
      const task = set.add(fn, { name: "a", onError });
      await set.shutdown();
      expect(task.state).toBe("cancelled");
    });
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-6 within cancelAfter ms services may end by themselves, those that haven't started too; then the rest is cancelled", async () => {
    const { run, open, onError, now, timers } = services();
    await run(async () => {
      const set = open();
      const quick = set.add(({ sleep }) => sleep(50), { name: "quick", onError });
      const slow = set.add(forEver, { name: "slow", onError });
      await set.shutdown({ cancelAfter: 100 });
      expect([quick.state, slow.state]).toEqual(["done", "cancelled"]);
    });
    expect([now(), timers()]).toEqual([100, 0]);
  });

  it("CO-6 resolves as soon as the last has ended, and leaves no timer behind", async () => {
    const { run, open, onError, now, timers } = services();
    await run(async () => {
      const set = open();
      void set.add(({ sleep }) => sleep(50), { name: "quick", onError });
      await set.shutdown({ cancelAfter: 60_000, abandonAfter: 60_000 });
      await set.shutdown({ cancelAfter: 10_000, abandonAfter: 10_000 });
    });
    expect([now(), timers()]).toEqual([50, 0]);
  });

  it("CO-6 after a cancellation likewise", async () => {
    const { run, open, onError, sleep, now, timers } = services();
    await run(async () => {
      const set = open();
      void set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "a", onError });
      await soon();
      await set.shutdown({ cancelAfter: 10, abandonAfter: 60_000 });
    });
    expect([now(), timers()]).toEqual([15, 0]);
  });

  it("CO-6 cancelAfter: Infinity waits for all to end by themselves", async () => {
    const { run, open, onError, now } = services();
    await run(async () => {
      const set = open();
      const task = set.add(({ sleep }) => sleep(1e9), { name: "a", onError });
      await set.shutdown({ cancelAfter: Infinity });
      expect(task.state).toBe("done");
    });
    expect(now()).toBe(1e9);
  });

  it("CO-6 nothing is restarted any more: a failure is the last", async () => {
    const { run, open, startsOf, told, now } = services();
    await run(async () => {
      const set = open();
      const work = ({ sleep }: TaskScope): Promise<never> => sleep(50).then(() => Promise.reject(boom));
      const { starts, held } = startsOf(set, { on: "always", delay: 1 }, work);
      await set.shutdown({ cancelAfter: 1000 });
      expect([held.task.state, await errorOf(held.task), starts]).toEqual(["failed", boom, [0]]);
    });
    expect([told.length, now()]).toEqual([1, 50]);
  });

  it.each([{}, { cancelAfter: 1000 }])(
    "CO-6 a service that waits for its restart ends at once, as its last run did: %o",
    async (options) => {
      const { run, open, startsOf, sleep, now, timers } = services();
      await run(async () => {
        const set = open();
        const failed = startsOf(set, { on: "failure", delay: 1000 });
        const done = startsOf(set, { on: "always", delay: 1000 }, ignore);
        await sleep(10);
        await set.shutdown(options);
        expect([failed.held.task.state, done.held.task.state]).toEqual(["failed", "done"]);
        expect([await errorOf(failed.held.task), failed.starts, done.starts]).toEqual([boom, [0], [0]]);
      });
      expect([now(), timers()]).toEqual([10, 0]);
    },
  );

  it("CO-6 in the turn in which a restart is due: no run begins", async () => {
    const { run, open, startsOf, sleep } = services();
    await run(async () => {
      const set = open();
      const { starts, held } = startsOf(set, { on: "failure", delay: 100 });
      const beside = sleep(100).then(() => set.shutdown({ cancelAfter: 50 }));
      expect(await errorOf(held.task)).toBe(boom);
      await beside;
      expect(starts).toEqual([0]);
    });
  });

  it("CO-6 a second call gives the same promise, and may shorten the time but not lengthen it", async () => {
    const { run, open, onError, sleep, now, timers } = services();
    await run(async () => {
      const set = open();
      void set.add(forEver, { name: "a", onError });
      const first = set.shutdown({ cancelAfter: 1000 });
      await sleep(100);
      expect([set.shutdown({ cancelAfter: 200 }) === first, set.shutdown({ cancelAfter: 9000 }) === first]).toEqual([
        true,
        true,
      ]);
      await first;
      expect(set.shutdown()).toBe(first);
    });
    expect([now(), timers()]).toEqual([300, 0]);
  });

  it("CO-6 a second call without options cancels at once", async () => {
    const { run, open, onError, sleep, now } = services();
    await run(async () => {
      const set = open();
      void set.add(forEver, { name: "a", onError });
      const first = set.shutdown({ cancelAfter: 1000 });
      await sleep(100);
      await set.shutdown();
      await first;
    });
    expect(now()).toBe(100);
  });

  it("CO-6 abandonAfter ms after the cancellation it stops waiting and rejects with an AbandonedError", async () => {
    const { run, open, told, onError, sleep, now, advance, reports, timers, inspectTasks } = services({ name: "set" });
    const late = new Error("late");
    await run(async () => {
      const set = open();
      void set.add(() => sleep(1000), { name: "ends", onError });
      void set.add(() => sleep(2000).then(() => Promise.reject(late)), { name: "fails", onError });
      void set.add(forEver, { name: "obeys", onError });
      const error = (await errorOf(set.shutdown({ cancelAfter: 100, abandonAfter: 30 }))) as AbandonedError;
      expect(error).toBeInstanceOf(AbandonedError);
      expect([error.tasks.map(({ path }) => path), now()]).toEqual([
        [
          ["set", "ends"],
          ["set", "fails"],
        ],
        130,
      ]);
    });
    await advance(10_000);
    // How each ends later is reported, and a failure is still its onError's.
    expect(reports.map(({ warning, tasks }) => [warning, tasks[0]?.path])).toEqual([
      ['abandoned task "ends" (set > ends) ended: done', ["set", "ends"]],
      ['abandoned task "fails" (set > fails) ended: failed', ["set", "fails"]],
    ]);
    expect([told, timers(), inspectTasks()]).toEqual([[[late, "fails", 2000]], 0, []]);
  });

  it("CO-6 the AbandonedError has the stack of whoever awaits the shutdown (DX-5)", async () => {
    const { run, open, onError } = services();
    const error = (await run(async function theProgram() {
      const set = open();
      void set.add(() => new Promise(() => {}), { name: "deaf", onError });
      await Promise.resolve();
      try {
        await set.shutdown({ abandonAfter: 30 });
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })) as Error;
    expect(error.stack).toContain("theProgram");
  });

  it("CO-6 a second call can set or shorten abandonAfter, which counts from the cancellation", async () => {
    const { run, open, onError, sleep, now, timers } = services();
    await run(async () => {
      const set = open();
      void set.add(() => new Promise(() => {}), { name: "deaf", onError });
      await sleep(1);
      const first = outcomeOf(set.shutdown());
      await sleep(10);
      void set.shutdown({ abandonAfter: 500 }).catch(ignore);
      void set.shutdown({ abandonAfter: 50 }).catch(ignore);
      void set.shutdown({ abandonAfter: 900 }).catch(ignore);
      expect(await first).toEqual({ error: expect.any(AbandonedError) });
      expect([now(), timers()]).toEqual([51, 0]);
    });
  });

  it("CO-6 of a set that a test has abandoned: rejects with the same error", async () => {
    const { run, runtime, openBackgroundTasks, sleep } = virtualRuntime();
    const test = takeOver(runtime, (host) => host);
    await run(async () => {
      const set = openBackgroundTasks();
      void set.add(() => new Promise(() => {}), { name: "deaf", onError: ignore });
      await sleep(1);
      const error = new AbandonedError([]);
      test.abandon(error);
      expect(await errorOf(set.shutdown())).toBe(error);
    });
    test.end();
    expect.assertions(1);
  });

  it("CO-6 stragglers are reported after the grace (CA-8)", async () => {
    const { run, open, onError, sleep, reports } = services({ name: "set" });
    await run(async () => {
      const set = open();
      void set.add((scope) => scope.taskGroup((group) => void group.createTask(() => sleep(8000), { name: "deaf" })), {
        name: "beat",
        onError,
      });
      await sleep(1);
      await set.shutdown();
    });
    expect(reports.map(({ warning }) => warning)).toEqual([
      expect.stringMatching(
        /^still running 5000 ms after BackgroundTasks "set" was cancelled \(AbortError: BackgroundTasks "set" was shut down\): set > beat > .* > deaf \(\d+ ms old\)$/,
      ),
    ]);
  });

  it("CO-6 while it shuts down, add() gives a task that is cancelled on arrival (LC-4)", async () => {
    const { run, open, onError, addInstrument } = services({ name: "set" });
    const dead: string[] = [];
    addInstrument({ onDeadOnArrival: ({ name }) => void dead.push(name) });
    const fn = vi.fn();
    const seen = await unhandledDuring(() =>
      run(async () => {
        const set = open();
        const old = set.add(({ sleep }) => sleep(50), { name: "old", onError });
        await soon();
        const over = set.shutdown({ cancelAfter: 100 });
        const [ending] = [set.add(fn, { name: "while they end", onError })];
        expect([ending.state, ending.cancel(), set.size]).toEqual(["cancelled", false, 1]);
        expect(await errorOf(ending)).toBeInstanceOf(CancelledError);
        void set.shutdown();
        const drained = set.add(fn, { name: "while they drain", onError });
        void set.add(fn, { name: "nobody listens", onError });
        expect(drained.state).toBe("cancelled");
        expect(await errorOf(drained)).toBe(await errorOf(old));
        await over;
      }),
    );
    expect(fn).not.toHaveBeenCalled();
    expect([seen, dead]).toEqual([[], ["while they end", "while they drain", "nobody listens"]]);
  });

  it("CO-6 after it add() is an InvalidStateError, as a rejection that surfaces (LC-2)", async () => {
    const { run, open, onError } = services({ name: "set" });
    const fn = vi.fn();
    const seen = await unhandledDuring(() =>
      run(async () => {
        const set = open();
        await set.shutdown();
        const error = (await errorOf(set.add(fn, { name: "late", onError }))) as Error;
        expect(error).toBeInstanceOf(InvalidStateError);
        expect(error.message).toBe('BackgroundTasks "set" is finished');
        void set.add(fn, { name: "nobody listens", onError });
      }),
    );
    expect(seen).toEqual([expect.any(InvalidStateError)]);
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-6 disposal is shutdown()", async () => {
    const { run, openBackgroundTasks, now, inspectTasks, reports } = virtualRuntime();
    const held: { task?: DetachedTask<void> } = {};
    await run(async () => {
      await using set = openBackgroundTasks();
      held.task = set.add(forEver, { name: "a", onError: ignore });
    });
    expect([held.task?.state, now(), inspectTasks(), reports]).toEqual(["cancelled", 0, [], []]);
  });

  it("CO-6 where Symbol.asyncDispose is missing the set works all the same (RT-4)", async () => {
    const { run, openBackgroundTasks } = virtualRuntime();
    const descriptor = Object.getOwnPropertyDescriptor(Symbol, "asyncDispose") as PropertyDescriptor;
    const { asyncDispose } = Symbol;
    vi.stubGlobal("Symbol", Object.create(Symbol, { asyncDispose: { ...descriptor, value: undefined } }));
    try {
      await run(async () => {
        const set = openBackgroundTasks();
        expect(asyncDispose in set).toBe(false);
        await set.shutdown();
      });
    } finally {
      vi.unstubAllGlobals();
    }
    expect.assertions(1);
  });
});
