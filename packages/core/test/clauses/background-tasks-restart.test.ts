import { CancelledError, type DetachedTask, InvalidStateError, type Restart, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { boom, forEver, ignore, services } from "./services.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("CO-6 restart", () => {
  /** The moments of the first `n` runs. */
  async function moments(n: number, restart: Restart, work?: (task: TaskScope, run: number) => unknown) {
    const { run, open, startsOf, sleep, timers } = services();
    return run(async () => {
      const set = open();
      const { starts } = startsOf(set, restart, work);
      while (starts.length < n) await sleep(1);
      await set.shutdown();
      expect(timers()).toBe(0);
      return starts.slice(0, n);
    });
  }

  it("CO-6 waits the delay, the same each time by default", async () => {
    expect(await moments(4, { on: "failure", delay: 100 })).toEqual([0, 100, 200, 300]);
  });

  it("CO-6 times the factor for each restart in a row, up to maxDelay", async () => {
    expect(await moments(7, { on: "failure", delay: 100, factor: 2, maxDelay: 1000 })).toEqual([
      0, 100, 300, 700, 1500, 2500, 3500,
    ]);
  });

  it("CO-6 maxDelay bounds the first delay, too; a delay of 0 stays 0 but lets timers run", async () => {
    expect(await moments(3, { on: "failure", delay: 100, maxDelay: 10 })).toEqual([0, 10, 20]);
    const work = (task: TaskScope, run: number): Promise<void> => (run < 1200 ? Promise.reject(boom) : forEver(task));
    expect(new Set(await moments(1200, { on: "failure", delay: 0, factor: 2 }, work))).toEqual(new Set([0]));
  });

  it("CO-6 the delay counts from the end of the run and of all that it opened", async () => {
    const work = async (scope: TaskScope): Promise<never> => {
      void scope.shield(({ sleep }) => sleep(30)).catch(ignore);
      await scope.sleep(10);
      throw boom;
    };
    expect(await moments(3, { on: "failure", delay: 100 }, work)).toEqual([0, 130, 260]);
  });

  it("CO-6 what a failed run left running is cancelled: it can't keep the next one waiting for ever", async () => {
    const reasons: unknown[] = [];
    const work = (scope: TaskScope): Promise<never> => {
      void scope.taskGroup(({ sleep }) => sleep(Infinity)).catch((reason: unknown) => reasons.push(reason));
      return Promise.reject(boom);
    };
    expect(await moments(2, { on: "failure", delay: 100 }, work)).toEqual([0, 100]);
    expect(reasons[0]).toMatchObject({ name: "AbortError", cause: boom });
  });

  it("CO-6 what a run left running when it returned is waited for", async () => {
    const work = (scope: TaskScope): void => void scope.taskGroup(({ sleep }) => sleep(30)).catch(ignore);
    expect(await moments(2, { on: "always", delay: 100 }, work)).toEqual([0, 130]);
  });

  it("CO-6 each run has a scope of its own; that of an earlier one has ended", async () => {
    const scopes: TaskScope[] = [];
    const stale: unknown[] = [];
    await moments(2, { on: "failure", delay: 10 }, async (scope) => {
      if (scopes[0] !== undefined) stale.push(await errorOf(scopes[0].sleep(1)));
      scopes.push(scope);
      throw boom;
    });
    expect(scopes[0]).not.toBe(scopes[1]);
    expect(stale[0]).toBeInstanceOf(InvalidStateError);
  });

  it("CO-6 the row of restarts begins anew after a run longer than intensity.per", async () => {
    const restart: Restart = { on: "failure", delay: 10, factor: 10, intensity: { max: 9, per: 500 } };
    // A run of exactly that length doesn't count as longer.
    const lasts = [0, 0, 500, 501, 0];
    const work = ({ sleep }: TaskScope, run: number): Promise<void> =>
      sleep(lasts[run - 1] ?? 0).then(() => Promise.reject(boom));
    const starts = await moments(6, restart, work);
    const waits = starts.slice(1).map((start, n) => start - (starts[n] as number) - (lasts[n] as number));
    expect(waits).toEqual([10, 100, 1000, 10, 100]);
  });

  it("CO-6 without an intensity after one longer than maxDelay", async () => {
    const restart: Restart = { on: "failure", delay: 10, factor: 10, maxDelay: 1000 };
    const lasts = [0, 0, 1000, 1001, 0];
    const work = ({ sleep }: TaskScope, run: number): Promise<void> =>
      sleep(lasts[run - 1] ?? 0).then(() => Promise.reject(boom));
    const starts = await moments(6, restart, work);
    const waits = starts.slice(1).map((start, n) => start - (starts[n] as number) - (lasts[n] as number));
    expect(waits).toEqual([10, 100, 1000, 10, 100]);
  });

  it("CO-6 without either after one longer than the delay before it", async () => {
    const restart: Restart = { on: "failure", delay: 10, factor: 10 };
    const lasts = [0, 10, 101, 0, 100];
    const work = ({ sleep }: TaskScope, run: number): Promise<void> =>
      sleep(lasts[run - 1] ?? 0).then(() => Promise.reject(boom));
    const starts = await moments(6, restart, work);
    const waits = starts.slice(1).map((start, n) => start - (starts[n] as number) - (lasts[n] as number));
    expect(waits).toEqual([10, 100, 10, 100, 1000]);
  });

  it("CO-6 jitter draws each delay between 0 and what it would be", async () => {
    const draws = [0.5, 0, 0.999, 0.25];
    const { run, openBackgroundTasks, sleep, now } = virtualRuntime({ random: () => draws.shift() ?? 0.5 });
    const starts: number[] = [];
    await run(async () => {
      const set = openBackgroundTasks();
      void set.add(() => (starts.push(now()), Promise.reject(boom)), {
        name: "a",
        onError: ignore,
        restart: { on: "failure", delay: 1000, factor: 2, maxDelay: 4000, jitter: true },
      });
      while (starts.length < 5) await sleep(1);
      await set.shutdown();
    });
    // The row goes on undrawn: 1000, 2000, 4000, 4000.
    expect(starts.map((start, n) => start - (starts[n - 1] ?? 0))).toEqual([0, 500, 0, 3996, 1000]);
  });

  it("CO-6 without the adapter's hook the jitter is Math.random's", async () => {
    const random = vi.spyOn(Math, "random").mockReturnValue(0.125);
    try {
      expect(await moments(2, { on: "failure", delay: 800, jitter: true })).toEqual([0, 100]);
      expect(random).toHaveBeenCalledTimes(2);
    } finally {
      random.mockRestore();
    }
  });

  it("CO-6 on: failure leaves one that returned alone, on: always doesn't", async () => {
    const { run, open, startsOf, told, sleep } = services();
    await run(async () => {
      const set = open();
      const work = ({ sleep: nap }: TaskScope, n: number): unknown =>
        nap(10).then(() => n === 1 && Promise.reject(boom));
      const failure = startsOf(set, { on: "failure", delay: 10 }, work);
      const always = startsOf(set, { on: "always", delay: 10 }, work);
      await sleep(65);
      expect([failure.starts, failure.held.task.state]).toEqual([[0, 20], "done"]);
      expect([always.starts, always.held.task.state]).toEqual([[0, 20, 40, 60], "running"]);
      await set.shutdown();
    });
    expect(told).toHaveLength(2);
  });

  it("CO-6 a delay longer than a host's timer can count", async () => {
    const { run, open, startsOf, advance, timers } = services();
    const month = 30 * 24 * 3_600_000;
    const set = open();
    const { starts } = startsOf(set, { on: "failure", delay: month });
    await advance(month - 1);
    expect(starts).toEqual([0]);
    await advance(1);
    expect(starts).toEqual([0, month]);
    await run(() => set.shutdown());
    expect(timers()).toBe(0);
  });

  it("CO-6 cancel() ends the wait for a restart at once", async () => {
    const { run, open, startsOf, sleep, now, timers } = services();
    await run(async () => {
      const set = open();
      const { starts, held } = startsOf(set, { on: "failure", delay: 1000 });
      await sleep(10);
      expect([held.task.state, set.size, held.task.cancel("enough")]).toEqual(["running", 1, true]);
      expect(await errorOf(held.task)).toMatchObject({ name: "AbortError", cause: "enough" });
      expect([held.task.state, set.size, starts, now(), timers()]).toEqual(["cancelled", 0, [0], 10, 0]);
      await set.shutdown();
    });
  });

  it("CO-6 cancel() in the turn in which the restart is due: no run begins", async () => {
    const { run, open, startsOf, sleep } = services();
    await run(async () => {
      const set = open();
      const { starts, held } = startsOf(set, { on: "failure", delay: 100 });
      const beside = sleep(100).then(() => held.task.cancel());
      expect(await errorOf(held.task)).toBeInstanceOf(CancelledError);
      expect([await beside, starts]).toEqual([true, [0]]);
      await set.shutdown();
    });
  });

  it("CO-6 cancel() after the timer of the restart and before the run: none begins", async () => {
    const { run, adapter, now } = virtualRuntime();
    const held: { task?: DetachedTask<void> } = {};
    const { openBackgroundTasks } = virtualRuntime({
      ...adapter,
      setTimer: (callback, ms) =>
        adapter.setTimer(() => {
          callback();
          held.task?.cancel("in between");
        }, ms),
    });
    let runs = 0;
    await run(async () => {
      const set = openBackgroundTasks();
      held.task = set.add(() => (runs++, Promise.reject(boom)), {
        name: "a",
        onError: ignore,
        restart: { on: "failure", delay: 100 },
      });
      expect(await errorOf(held.task)).toMatchObject({ name: "AbortError", cause: "in between" });
      expect(held.task.state).toBe("cancelled");
      await set.shutdown();
    });
    expect([runs, now()]).toEqual([1, 100]);
  });

  it("CO-6 onError may cancel its service or shut the set down: it isn't restarted", async () => {
    for (const how of ["cancel", "shutdown"] as const) {
      const { run, open, now } = services();
      await run(async () => {
        const set = open();
        const held: { task?: DetachedTask<void> } = {};
        held.task = set.add(({ sleep }) => sleep(10).then(() => Promise.reject(boom)), {
          name: "a",
          onError: () => void (how === "cancel" ? held.task?.cancel() : set.shutdown()),
          restart: { on: "failure", delay: 100 },
        });
        expect(await errorOf(held.task)).toBe(boom);
        await set.shutdown();
      });
      expect(now()).toBe(10);
    }
  });

  it("CO-6 a day of a heartbeat: 2880 beats of 30 s, some of which fail", async () => {
    const { run, open, told, onError, now, sleep, timers, inspectTasks } = services();
    const day = 24 * 3_600_000;
    const beats: number[] = [];
    let attempts = 0;
    await run(async () => {
      const set = open();
      const task = set.add(
        async (scope) => {
          for (;;) {
            // Each 100th attempt fails, and the two after it.
            if (attempts++ % 100 > 96) throw new Error(`attempt ${attempts}`);
            beats.push(now());
            await scope.sleep(30_000);
          }
        },
        { name: "heartbeat", onError, restart: { on: "failure", delay: 1000, factor: 2, maxDelay: 60_000 } },
      );
      await sleep(day);
      expect(task.state).toBe("running");
      await set.shutdown();
    });
    // 97 beats, then 1, 2 and 4 s of backoff: each failure but the last of three is followed by another.
    const gaps = beats.slice(1).map((beat, n) => beat - (beats[n] as number));
    const round = [...Array.from({ length: 96 }, () => 30_000), 30_000 + 1000 + 2000 + 4000];
    expect(gaps).toEqual(gaps.map((_, n) => round[n % 97]));
    const [rounds, rest] = [Math.floor(day / 2_917_000), day % 2_917_000];
    expect(beats.length).toBe(rounds * 97 + Math.ceil(rest / 30_000));
    expect(told.length).toBe(attempts - beats.length);
    expect([timers(), inspectTasks(), now()]).toEqual([0, [], day]);
  });
});

describe("CO-6 intensity", () => {
  it("CO-6 more than `max` restarts within `per` ms: it gives up, with a warning, failed with the last error", async () => {
    const { run, open, told, onError, reports, now } = services({ name: "set" });
    let runs = 0;
    const seen = await unhandledDuring(() =>
      run(async () => {
        const set = open();
        const task = set.add(() => Promise.reject(new Error(`run ${++runs}`)), {
          name: "beat",
          onError,
          restart: { on: "failure", delay: 100, intensity: { max: 3, per: 10_000 } },
        });
        expect([await errorOf(task), task.state, set.size]).toEqual([new Error("run 4"), "failed", 0]);
        await set.shutdown();
      }),
    );
    expect([told.map(([, , at]) => at), now(), seen]).toEqual([[0, 100, 200, 300], 300, []]);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.warning).toMatch(/gave up task "beat" \(set > beat\) after 3 restarts within 10000 ms/);
    expect(reports[0]?.tasks.map(({ path }) => path)).toEqual([["set", "beat"]]);
  });

  it("CO-6 the window slides: restarts that are further apart go on for ever", async () => {
    const { run, open, startsOf, reports, sleep } = services();
    await run(async () => {
      const set = open();
      // At most three restarts lie within any 1000 ms, also where the first and the last are 999 apart.
      const { starts, held } = startsOf(set, { on: "failure", delay: 333, intensity: { max: 4, per: 1000 } }, () =>
        Promise.reject(boom),
      );
      await sleep(100_000);
      expect([starts.length, held.task.state]).toEqual([301, "running"]);
      await set.shutdown();
    });
    expect(reports).toEqual([]);
  });

  it("CO-6 restarts exactly `per` ms apart are within it, a ms more and they aren't", async () => {
    for (const [delay, runs] of [
      [1000, 2],
      [1001, 6],
    ] as const) {
      const { run, open, startsOf, sleep } = services();
      await run(async () => {
        const set = open();
        const { starts } = startsOf(set, { on: "failure", delay, intensity: { max: 1, per: 1000 } });
        await sleep(5 * 1001 + 1);
        expect(starts).toHaveLength(runs);
        await set.shutdown();
      });
    }
    expect.assertions(2);
  });

  it("CO-6 it counts when the restarts are made, not when they are decided on", async () => {
    const { run, open, startsOf, sleep } = services();
    await run(async () => {
      const set = open();
      const { starts, held } = startsOf(set, {
        on: "failure",
        delay: 100,
        factor: 10,
        intensity: { max: 1, per: 500 },
      });
      await sleep(12_000);
      expect([starts, held.task.state]).toEqual([[0, 100, 1100, 11_100], "running"]);
      await set.shutdown();
    });
  });

  it("CO-6 on: always counts every restart; one that returned is done when it gives up", async () => {
    const { run, open, startsOf, reports, told } = services();
    await run(async () => {
      const set = open();
      const restart: Restart = { on: "always", delay: 10, intensity: { max: 1, per: 100 } };
      const { starts, held } = startsOf(set, restart, ignore);
      expect([await outcomeOf(held.task), held.task.state, starts]).toEqual([{ value: undefined }, "done", [0, 10]]);
      await set.shutdown();
    });
    expect([reports.map(({ warning }) => warning), told]).toEqual([[expect.stringContaining("1 restart within")], []]);
  });
});
