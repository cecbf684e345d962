import { CancelledError, KeyboardInterrupt } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, broken, reported } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-3 the first success wins", () => {
  it("CO-3 its value comes out, and the others are cancelled and drained before it does", async () => {
    const host = virtualRuntime();
    const { run, firstSuccess, now, sleep, inspectTasks, timers } = host;
    const order: string[] = [];
    const value = await run(async () => {
      const won = await firstSuccess([
        ({ sleep: nap }) => linger(nap(1000), () => sleep(5).then(() => order.push("drained"))),
        after(10, "winner"),
        after(500, "loser"),
      ]);
      order.push("out");
      return won;
    });
    expect([value, order, now()]).toEqual(["winner", ["drained", "out"], 15]);
    expect([inspectTasks(), timers(), host.reports]).toEqual([[], 0, []]);
  });

  it.each([undefined, null, 0, "", false])("CO-3 %s is a success like any other", async (value) => {
    const { run, firstSuccess } = virtualRuntime();
    const outcome = await outcomeOf(run(() => firstSuccess([after(10, "later"), () => value])));
    expect(outcome).toEqual({ value });
  });

  it("CO-3 failures before it are expected: instruments see them, and nobody else", async () => {
    const host = virtualRuntime();
    const { run, firstSuccess, addInstrument } = host;
    const ends: unknown[] = [];
    addInstrument({ onTaskEnd: ({ name }, { status }) => void ends.push([name, status]) });
    const value = await run(() => firstSuccess([failing(1, boom), failing(2, undefined), after(10, "winner")]));
    expect([value, host.reports]).toEqual(["winner", []]);
    expect(ends).toEqual([
      ["0", "rejected"],
      ["1", "rejected"],
      ["2", "fulfilled"],
    ]);
  });

  it("CO-3 the losers are told by a CancelledError who won", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const reasons: unknown[] = [];
    await run(() =>
      firstSuccess(
        [
          ({ onCancel, sleep }) => {
            onCancel((reason) => reasons.push(reason));
            return sleep(1000);
          },
          after(1, "winner"),
        ],
        { name: "race" },
      ),
    );
    expect(reasons).toEqual([expect.any(CancelledError)]);
    expect((reasons[0] as Error).message).toBe('task "1" was the first to succeed in TaskGroup "race"');
  });

  it("CO-3 of two that succeed in one turn the first wins", async () => {
    const { run, firstSuccess, reports } = virtualRuntime();
    expect(await run(() => firstSuccess([async () => "a", async () => "b"]))).toBe("a");
    expect(reports).toEqual([]);
  });

  it("CO-3 a failure just before the winner, in the same turn, is expected", async () => {
    const host = virtualRuntime();
    expect(await host.run(() => host.firstSuccess([() => Promise.reject(boom), async () => "winner"]))).toBe("winner");
    expect(host.reports).toEqual([]);
  });

  it("CO-3 a failure just after the winner, in the same turn, is reported with its task", async () => {
    const host = virtualRuntime();
    expect(await host.run(() => host.firstSuccess([async () => "winner", () => Promise.reject(boom)]))).toBe("winner");
    expect(reported(host)).toEqual([[boom, "1"]]);
  });

  it("CO-3 late failures of the losers are reported, each with its task", async () => {
    const host = virtualRuntime();
    const value = await host.run(() => host.firstSuccess([after(1, "winner"), broken(boom), broken(undefined)]));
    expect(value).toBe("winner");
    expect(host.reports.map(({ error, tasks }) => [error, tasks[0]?.name])).toEqual([
      [boom, "1"],
      [undefined, "2"],
    ]);
  });

  it("CO-3 an error that somebody failed with before the win is reported when it comes again after it", async () => {
    const host = virtualRuntime();
    await host.run(() => host.firstSuccess([failing(1, boom), after(2, "winner"), broken(boom)]));
    expect(reported(host)).toEqual([[boom, "2"]]);
  });

  it("CO-3 `limit` tries so many at a time, and those whose turn never comes don't run", async () => {
    const { run, firstSuccess, now } = virtualRuntime();
    const last = vi.fn();
    const fns = [failing(10, 1), failing(10, 2), failing(10, 3), after(15, "winner"), after(15, "tie"), last];
    expect(await run(() => firstSuccess(fns, { limit: 2 }))).toBe("winner");
    expect([now(), last.mock.calls]).toEqual([25, []]);
  });
});

describe("CO-3 the win is final", () => {
  it("CO-3 a cancellation from outside during the drain doesn't undo it", async () => {
    const host = virtualRuntime();
    const { run, firstSuccess, sleep } = host;
    const { signal, abort, listening } = watchedSignal();
    const value = await run(() => {
      void sleep(12).then(() => abort(stop));
      return firstSuccess([(task) => linger(task.sleep(1000), () => sleep(50)), after(10, "winner")], { signal });
    });
    expect([value, host.now(), listening(), host.reports]).toEqual(["winner", 60, 0, []]);
  });

  it("CO-3 nor does one in the turn of the win, just after it", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const controller = new AbortController();
    const value = await run(() =>
      firstSuccess(
        [
          after(1000, "loser"),
          () => {
            void Promise.resolve()
              .then(() => {})
              .then(() => controller.abort(stop));
            return "winner";
          },
        ],
        { signal: controller.signal },
      ),
    );
    expect([value, controller.signal.aborted]).toEqual(["winner", true]);
  });

  it("CO-3 nor a deadline", async () => {
    const { run, firstSuccess, sleep, now, timers } = virtualRuntime();
    const value = await run(() =>
      firstSuccess([(task) => linger(task.sleep(1000), () => sleep(50)), after(10, "winner")], { timeout: 20 }),
    );
    expect([value, now(), timers()]).toEqual(["winner", 60, 0]);
  });

  it("CO-3 nor a KeyboardInterrupt of a loser, which is reported", async () => {
    const host = virtualRuntime();
    const interrupt = new KeyboardInterrupt("late");
    expect(await host.run(() => host.firstSuccess([after(1, "winner"), broken(interrupt)]))).toBe("winner");
    expect(reported(host)).toEqual([[interrupt, "1"]]);
  });

  it("CO-3 nor stragglers that are abandoned: they are named in a warning, and how they end is reported", async () => {
    const host = virtualRuntime();
    const stuck = gate<string>();
    const value = await host.run(() =>
      host.firstSuccess([after(1, "winner"), () => stuck.promise], { name: "race", abandonAfter: 10 }),
    );
    expect([value, host.now()]).toEqual(["winner", 11]);
    expect(host.reports).toEqual([
      { warning: "stopped waiting for race > 1", tasks: [expect.objectContaining({ name: "1" })] },
    ]);
    stuck.fail(boom);
    await host.settle();
    expect(reported(host).slice(1)).toEqual([[boom, "1"]]);
    expect([host.inspectTasks(), host.timers()]).toEqual([[], 0]);
  });
});
