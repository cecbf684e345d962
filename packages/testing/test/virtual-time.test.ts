import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn, setTimeout as realDelay } from "node:timers/promises";
import { bindTaskGroup, defineRuntime, InvalidStateError, TimeoutError } from "@cohort/core";
import { adapter, addInstrument, failAfter, failAt, moveOnAfter, now, runtime, sleep, taskGroup } from "@cohort/node";
import * as universal from "@cohort/universal";
import { createTestRuntime, useVirtualTime, withVirtualTime } from "@cohort/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { virtualTestBy } from "../src/bindings/binding.ts";
import { VirtualTimers } from "../src/virtual-timers.ts";
import { outcomeOf } from "./outcome-of.ts";

describe("time jumps when everything waits", () => {
  it("a sleep of an hour takes none of it", async () => {
    await using clock = useVirtualTime(runtime);
    await sleep(3_600_000);
    expect([clock.elapsed, now()]).toEqual([3_600_000, 3_600_000]);
  });

  it("timers fire in the order of their moments, and in that of creation within one", async () => {
    await using clock = useVirtualTime(runtime);
    const seen: string[] = [];
    await taskGroup((group) => {
      for (const [name, ms] of [["c", 20] as const, ["a", 10] as const, ["b", 10] as const, ["d", 30] as const])
        group.createTask(async (task) => {
          await task.sleep(ms);
          seen.push(`${name} ${clock.elapsed}`);
        });
    });
    expect(seen).toEqual(["a 10", "b 10", "c 20", "d 30"]);
  });

  it("it never moves while work is runnable, however long that goes on", async () => {
    await using clock = useVirtualTime(runtime);
    const sleeping = sleep(1);
    for (let n = 0; n < 10_000; n++) await Promise.resolve();
    expect(clock.elapsed).toBe(0);
    await sleeping;
    expect(clock.elapsed).toBe(1);
  });

  it("what another callback of the same turn wakes comes first", async () => {
    await using clock = useVirtualTime(runtime);
    const sleeping = sleep(1);
    await turn();
    expect(clock.elapsed).toBe(0);
    await sleeping;
  });

  it("10,000 tasks sleep up to an hour each", async () => {
    await using clock = useVirtualTime(runtime);
    const ends: number[] = [];
    await taskGroup((group) => {
      for (let n = 0; n < 10_000; n++)
        group.createTask(async (task) => {
          await task.sleep((n * 7919) % 3_600_001);
          ends.push(clock.elapsed);
        });
    });
    expect(ends).toHaveLength(10_000);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });

  it("a heartbeat of a whole day, which fails and starts again with a backoff", async () => {
    await using clock = useVirtualTime(runtime);
    let beats = 0;
    const starts: number[] = [];
    await moveOnAfter(24 * 3_600_000, async (day) => {
      for (let backoff = 1000; ; backoff *= 2) {
        starts.push(clock.elapsed);
        try {
          for (;;) {
            await day.sleep(30_000);
            if (++beats % 1000 === 0) throw new Error("lost the connection");
          }
        } catch (error) {
          if (day.isCancellation(error)) throw error;
          await day.sleep(backoff);
        }
      }
    });
    expect(clock.elapsed).toBe(86_400_000);
    expect([beats, starts]).toEqual([2879, [0, 30_001_000, 60_003_000]]);
  });

  it("deadlines count on it, by length and by moment", async () => {
    await using clock = useVirtualTime(runtime, { start: new Date("2030-01-01T00:00:00Z") });
    expect(await outcomeOf(failAfter(500, (scope) => scope.sleep(501)))).toBeInstanceOf(TimeoutError);
    expect(clock.elapsed).toBe(500);
    expect(await outcomeOf(failAt(new Date("2030-01-01T00:00:02Z"), (scope) => scope.sleep(5000)))).toBeInstanceOf(
      TimeoutError,
    );
    expect(new Date(clock.now()).toISOString()).toBe("2030-01-01T00:00:02.000Z");
  });

  it("a sleep for ever doesn't carry time off to the end of days", async () => {
    await using clock = useVirtualTime(runtime);
    await moveOnAfter(10, (scope) => scope.sleep(Infinity));
    expect(clock.elapsed).toBe(10);
  });

  it("cleared deadlines of much short work don't pile up", () => {
    const timers = new VirtualTimers();
    for (let n = 0; n < 5000; n++) timers.clear(timers.set(() => {}, 1e9));
    expect([timers.size, timers.kept <= 1001]).toEqual([0, true]);
  });

  it("fractions of a ms are exact, whatever the clock shows", async () => {
    await using clock = useVirtualTime(runtime, { start: new Date("2030-01-01") });
    await sleep(0.1);
    expect(clock.elapsed).toBe(0.1);
  });

  it("callbacks have the async context of whoever set the timer", async () => {
    await using _clock = useVirtualTime(runtime);
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    storage.run("other", () => void sleep(1));
    await storage.run("own", () =>
      moveOnAfter(10, async (scope) => {
        scope.onCancel(() => seen.push(storage.getStore()));
        await scope.sleep(1000);
      }),
    );
    expect(seen).toEqual(["own"]);
  });

  it("several runtimes share one clock", async () => {
    await using clock = useVirtualTime([runtime, universal.runtime]);
    await failAfter(100, async () => {
      for (let n = 0; n < 5; n++) await universal.sleep(10);
    });
    expect([clock.elapsed, now(), universal.now()]).toEqual([50, 50, 50]);
    await universal.taskGroup({ name: "theirs" }, () => taskGroup({ name: "ours" }, () => {}));
    expect(new Set(clock.trace().map(({ id }) => id)).size).toBe(2);
  });
});

describe("time is advanced by hand", () => {
  it("advance() fires what is due on the way and lets it run to its next wait", async () => {
    await using clock = useVirtualTime(runtime, { autoJump: false });
    const seen: number[] = [];
    const done = taskGroup((group) => {
      group.createTask(async (task) => {
        for (let n = 0; n < 3; n++) {
          await task.sleep(10);
          seen.push(clock.elapsed);
        }
      });
    });
    await clock.advance(25);
    expect([seen, clock.elapsed]).toEqual([[10, 20], 25]);
    await clock.advance(5);
    expect(seen).toEqual([10, 20, 30]);
    await done;
  });

  it("advanceTo() goes to a moment, given as ms or as a Date", async () => {
    await using clock = useVirtualTime(runtime, { start: 1000, autoJump: false });
    await clock.advanceTo(1500);
    await clock.advanceTo(new Date(2000));
    expect([clock.now(), clock.elapsed]).toEqual([2000, 1000]);
    expect(await outcomeOf(clock.advanceTo(1999))).toBeInstanceOf(RangeError);
  });

  it("several are served in the order of their calls", async () => {
    await using clock = useVirtualTime(runtime, { autoJump: false });
    const seen: number[] = [];
    await Promise.all([10, 20, 30].map((ms) => clock.advance(ms).then(() => seen.push(clock.elapsed))));
    expect([seen, clock.elapsed]).toEqual([[10, 30, 60], 60]);
  });

  it.each([-1, Number.NaN, Infinity, "1" as never])("advance(%s) is refused", async (ms) => {
    await using clock = useVirtualTime(runtime);
    expect(await outcomeOf(clock.advance(ms))).toBeInstanceOf(RangeError);
  });

  it("without autoJump nothing moves by itself", async () => {
    await using clock = useVirtualTime(runtime, { autoJump: false });
    const sleeping = sleep(1);
    for (let n = 0; n < 20; n++) await turn();
    expect(clock.elapsed).toBe(0);
    await clock.advance(1);
    await sleeping;
  });
});

describe("idle() and hold()", () => {
  it("idle() resolves when every task is blocked, before time moves", async () => {
    await using clock = useVirtualTime(runtime);
    const seen: string[] = [];
    const done = taskGroup((group) => {
      for (const name of ["a", "b"])
        group.createTask(async (task) => {
          for (let n = 0; n < 100; n++) await Promise.resolve();
          seen.push(name);
          await task.sleep(10);
          seen.push(name);
        });
    });
    await clock.idle();
    expect([seen, clock.elapsed]).toEqual([["a", "b"], 0]);
    await done;
    expect([seen, clock.elapsed]).toEqual([["a", "b", "a", "b"], 10]);
  });

  it("while it is held, time stands still, also for advance()", async () => {
    await using clock = useVirtualTime(runtime);
    const release = clock.hold();
    const sleeping = sleep(10);
    const advancing = clock.advance(5);
    await realDelay(5);
    expect(clock.elapsed).toBe(0);
    release();
    release();
    await advancing;
    expect(clock.elapsed).toBe(5);
    await sleeping;
    expect(clock.elapsed).toBe(10);
  });

  it("a cushion leaves real work the time that it takes, as long as something happens", async () => {
    await using clock = useVirtualTime(runtime, { cushion: 60 });
    const seen: number[] = [];
    await taskGroup((group) => {
      group.createTask(async (task) => {
        await task.sleep(1000);
        seen.push(1000);
      });
      group.createTask(async (task) => {
        for (let n = 0; n < 4; n++) await task.taskGroup(() => realDelay(20));
        seen.push(clock.elapsed);
      });
    });
    expect(seen).toEqual([0, 1000]);
  });
});

describe("the runtime is given back", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("when the test fails, too", async () => {
    const failing = async (): Promise<void> => {
      await using clock = useVirtualTime(runtime);
      await clock.advance(5);
      throw new Error("the test's own");
    };
    expect(await outcomeOf(failing())).toEqual(new Error("the test's own"));
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
  });

  it("by close(), which may be called twice", async () => {
    const clock = useVirtualTime(runtime);
    await clock.close();
    await clock.close();
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
    expect(await outcomeOf(clock.advance(1))).toBeInstanceOf(InvalidStateError);
    expect(await outcomeOf(clock.idle())).toBeInstanceOf(InvalidStateError);
  });

  it("by `using` at once", () => {
    {
      using clock = useVirtualTime(runtime);
      expect([now(), clock.now()]).toEqual([0, 0]);
    }
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
  });

  it("one clock has it at a time", async () => {
    await using _clock = useVirtualTime(runtime);
    expect(() => useVirtualTime(runtime)).toThrow(InvalidStateError);
    expect(() => useVirtualTime(runtime)).toThrow(/^runtime "node" has been taken over already, by a test/);
  });

  it("what was open before goes on, on its own clock, and isn't seen", async () => {
    const real = taskGroup({ name: "real" }, (group) => void group.createTask(({ sleep: pause }) => pause(1)));
    {
      await using clock = useVirtualTime(runtime);
      await sleep(3_600_000);
      expect(clock.trace().filter(({ path }) => path[0] === "real")).toEqual([]);
      clock.assertNoLeaks();
    }
    await real;
  });

  it("names and ids begin anew under each clock", async () => {
    const names = async (): Promise<string[]> => {
      await using _clock = useVirtualTime(runtime);
      return await taskGroup((group) => [group.name, group.createTask(() => {}).name]);
    };
    expect([await names(), await names()]).toEqual([
      ["TaskGroup-2", "Task-3"],
      ["TaskGroup-2", "Task-3"],
    ]);
  });

  it("vitest's fake timers beside it disturb nothing, and aren't disturbed", async () => {
    vi.useFakeTimers();
    let fake = 0;
    setTimeout(() => fake++, 10);
    {
      await using clock = useVirtualTime(runtime);
      await sleep(1000);
      await clock.advance(1000);
      await clock.idle();
      expect([clock.elapsed, fake]).toEqual([2000, 0]);
    }
    vi.advanceTimersByTime(10);
    expect(fake).toBe(1);
  });

  it("withVirtualTime() gives the body's value or its error, and the runtime back", async () => {
    expect(await withVirtualTime(runtime, async (clock) => (await sleep(5), clock.elapsed))).toBe(5);
    const boom = new Error("boom");
    expect(
      await outcomeOf(
        withVirtualTime(runtime, { start: 7 }, () => {
          throw boom;
        }),
      ),
    ).toBe(boom);
    expect(await outcomeOf(withVirtualTime(runtime, undefined as never))).toBeInstanceOf(TypeError);
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
  });

  it("a test runtime is a runtime of its own", async () => {
    await using test = createTestRuntime({ start: 100 });
    await using other = createTestRuntime();
    await test.taskGroup((group) => void group.createTask(({ sleep: pause }) => pause(50)));
    expect([test.now(), test.clock.elapsed, other.clock.elapsed]).toEqual([150, 50, 0]);
    expect(test.runtime.name).toBe("test");
  });

  it.each([
    { seed: 1.5 },
    { seed: 2 ** 32 },
    { start: Number.NaN },
    { patience: 2 ** 31 },
    { patience: Number.NaN },
    { cushion: -1 },
    { cushion: Infinity },
  ])("%o is refused, and nothing is taken over", (options) => {
    expect(() => useVirtualTime(runtime, options)).toThrow(RangeError);
    expect(() => useVirtualTime({ name: "none" })).toThrow(TypeError);
    expect(() => useVirtualTime([runtime, { name: "none" }])).toThrow(TypeError);
    expect(Math.abs(now() - Date.now())).toBeLessThan(60_000);
  });

  it("an adapter may be an object of a class with private fields", async () => {
    class Host {
      readonly name = "host";
      readonly #signals: AbortController[] = [];
      now = (): number => adapter.now();
      setTimer = (callback: () => void, ms: number): unknown => adapter.setTimer(callback, ms);
      clearTimer = (timer: unknown): void => adapter.clearTimer(timer as NodeJS.Timeout);
      reportError = (error: unknown): void => adapter.reportError(error);
      reportWarning = (text: string): void => adapter.reportWarning(text);
      createAbortController(): AbortController {
        this.#signals.push(new AbortController());
        return this.#signals.at(-1) as AbortController;
      }
    }
    const host = defineRuntime(new Host());
    await withVirtualTime(host, () => bindTaskGroup(host)((group) => expect(group.signal.aborted).toBe(false)));
  });

  it("an instrument that is taken out meanwhile hears nothing more", async () => {
    const heard: string[] = [];
    const stop = addInstrument({ onGroupOpen: ({ name }) => void heard.push(name) });
    await using _clock = useVirtualTime(runtime);
    await taskGroup({ name: "first" }, () => {});
    stop();
    await taskGroup({ name: "second" }, () => {});
    expect(heard).toEqual(["first"]);
  });

  it("a binding takes it back from a test that its runner has given up", async () => {
    const bodies: (() => Promise<void>)[] = [];
    const declare = Object.assign((_: string, body: () => Promise<void>) => void bodies.push(body), {
      only: () => {},
      skip: () => {},
    });
    const test = virtualTestBy(declare, runtime, { patience: Infinity });
    test("hangs", () => new Promise(() => {}));
    test("goes on", ({ clock }) => clock.advance(10));
    void bodies[0]?.();
    await turn();
    await bodies[1]?.();
  });
});
