import { AbandonedError, ExceptionGroup, KeyboardInterrupt, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, stubborn, broken, failuresOf, reported } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-3 without a winner", () => {
  it("CO-3 all failed: an ExceptionGroup in the order in which they did", async () => {
    const host = virtualRuntime();
    const error = await errorOf(
      host.run(() => host.firstSuccess([failing(20, "b"), failing(10, "a"), failing(30, undefined)], { name: "race" })),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as Error).message).toBe('unhandled errors in TaskGroup "race" (3 sub-exceptions)');
    expect(failuresOf(error)).toEqual([
      ["a", "1"],
      ["b", "0"],
      [undefined, "2"],
    ]);
    expect([host.now(), host.reports]).toEqual([30, []]);
  });

  it("CO-3 cancelled from outside: the reason, unchanged; failures so far are for the instruments", async () => {
    const host = virtualRuntime();
    const { run, firstSuccess, sleep, now } = host;
    const { signal, abort, listening } = watchedSignal();
    const ended = vi.fn();
    host.addInstrument({ onTaskEnd: ended });
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => abort(stop));
        return firstSuccess([failing(1, boom), (task) => linger(task.sleep(1000), () => sleep(5))], { signal });
      }),
    );
    expect([error, now(), listening(), host.reports]).toEqual([stop, 15, 0, []]);
    expect(ended.mock.calls.map(([{ name }]) => name as string)).toEqual(["0", "1"]);
  });

  it("CO-3 cancelled from outside: what fails in the drain, which nobody expects, is reported", async () => {
    const host = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      host.run(() => {
        void host.sleep(10).then(() => controller.abort(stop));
        return host.firstSuccess([failing(1, "expected"), broken(boom)], { signal: controller.signal });
      }),
    );
    expect([error, reported(host)]).toEqual([stop, [[boom, "1"]]]);
  });

  it("CO-3 who succeeds in spite of a cancellation from outside hasn't won", async () => {
    const { run, firstSuccess, sleep } = virtualRuntime();
    const controller = new AbortController();
    const outcome = await outcomeOf(
      run(() => {
        void sleep(10).then(() => controller.abort(stop));
        return firstSuccess([stubborn("late")], { signal: controller.signal });
      }),
    );
    expect(outcome).toEqual({ error: stop });
  });

  it("CO-3 a signal that is aborted already: the reason, and nobody starts", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const fn = vi.fn();
    expect(await errorOf(run(() => firstSuccess([fn], { signal: AbortSignal.abort(null) })))).toBe(null);
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-3 the deadline without failures: a TimeoutError (OUT-4)", async () => {
    const { run, firstSuccess, now, timers } = virtualRuntime();
    const error = await errorOf(run(() => firstSuccess([after(1000, 1)], { timeout: 10 })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect([now(), timers()]).toEqual([10, 0]);
  });

  it("CO-3 a timeout of 0 starts nobody: a TimeoutError", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const fn = vi.fn();
    expect(await errorOf(run(() => firstSuccess([fn, fn], { timeout: 0 })))).toBeInstanceOf(TimeoutError);
    expect(fn).not.toHaveBeenCalled();
  });

  it("CO-3 the deadline ends the race: who succeeds in spite of it hasn't won", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const log: string[] = [];
    const late = { [Symbol.dispose]: () => log.push("disposed") };
    expect(await errorOf(run(() => firstSuccess([stubborn(late)], { timeout: 10 })))).toBeInstanceOf(TimeoutError);
    expect(log).toEqual(["disposed"]);
  });

  it("CO-3 the deadline with failures: an ExceptionGroup with the TimeoutError as its cause (ER-4)", async () => {
    const host = virtualRuntime();
    const error = await errorOf(
      host.run(() =>
        host.firstSuccess([failing(1, "before"), broken("in the drain"), after(1000, 1)], { timeout: 10 }),
      ),
    );
    expect(failuresOf(error)).toEqual([
      ["before", "0"],
      ["in the drain", "1"],
    ]);
    expect([(error as Error).cause, host.reports]).toEqual([expect.any(TimeoutError), []]);
  });

  it("CO-3 an outside cancel after the deadline, in the drain: the reason (OUT-3), and what fails then is reported", async () => {
    const host = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      host.run(() => {
        void host.sleep(12).then(() => controller.abort(stop));
        return host.firstSuccess(
          [failing(1, "expected"), (task) => linger(task.sleep(1000), () => host.sleep(5)), broken(boom)],
          { signal: controller.signal, timeout: 10 },
        );
      }),
    );
    expect([error, reported(host)]).toEqual([stop, [[boom, "2"]]]);
  });

  it("CO-3 a KeyboardInterrupt before the win comes out bare, the other failures are reported (OUT-1)", async () => {
    const host = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    const error = await errorOf(
      host.run(() => host.firstSuccess([failing(1, boom), failing(5, interrupt), after(1000, "loser")])),
    );
    expect([error, host.now(), reported(host)]).toEqual([interrupt, 5, [[boom, "0"]]]);
  });

  it("CO-3 stragglers abandoned: the AbandonedError, last among what failed", async () => {
    const host = virtualRuntime();
    const stuck = gate();
    const options = { timeout: 10, abandonAfter: 5 };
    const bare = await errorOf(host.run(() => host.firstSuccess([() => stuck.promise], options)));
    expect(bare).toBeInstanceOf(AbandonedError);
    const grouped = await errorOf(host.run(() => host.firstSuccess([failing(1, boom), () => stuck.promise], options)));
    expect((grouped as ExceptionGroup).errors).toEqual([boom, expect.any(AbandonedError)]);
    stuck.open();
    await host.settle();
    expect([host.inspectTasks(), host.timers()]).toEqual([[], 0]);
  });

  it("CO-3 a KeyboardInterrupt wins over a cancellation from outside, before and after it (OUT-1)", async () => {
    const interrupt = new KeyboardInterrupt("stop");
    for (const fn of [failing(5, interrupt), broken(interrupt)]) {
      const { run, firstSuccess, sleep } = virtualRuntime();
      const controller = new AbortController();
      const error = await errorOf(
        run(() => {
          void sleep(10).then(() => controller.abort(stop));
          return firstSuccess([fn, (task) => linger(task.sleep(1000), () => sleep(20))], { signal: controller.signal });
        }),
      );
      expect(error).toBe(interrupt);
    }
  });

  it("CO-3 stragglers abandoned after a cancellation from outside: the AbandonedError, the reason is its cause", async () => {
    const { run, firstSuccess, sleep } = virtualRuntime();
    const controller = new AbortController();
    const stuck = gate();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort(stop));
        return firstSuccess([() => stuck.promise], { signal: controller.signal, abandonAfter: 5 });
      }),
    );
    expect([error, (error as Error).cause]).toEqual([expect.any(AbandonedError), stop]);
    stuck.open();
  });

  it("CO-3 raises no unhandled rejection, however it ends", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const seen = await unhandledDuring(async () => {
      await run(() => firstSuccess([() => Promise.reject(1), async () => 2, () => Promise.reject(3), broken(4)]));
      await errorOf(run(() => firstSuccess([() => Promise.reject(1), failing(1, 2)])));
      await errorOf(run(() => firstSuccess([stubborn(1), broken(2)], { timeout: 5 })));
    });
    expect(seen).toEqual([]);
  });
});
