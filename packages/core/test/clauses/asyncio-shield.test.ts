import { CancelledError, type ExceptionGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { failuresOf } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("asyncio.shield beside shield", () => {
  it("CA-11 (test_shield_effect; differs: asyncio's caller doesn't wait) cancelling the outer task leaves the inner one alone, and it is waited for", async () => {
    const { run, detach, sleep, now } = virtualRuntime();
    const waiter = gate();
    let proof = 0;
    await run(async () => {
      const outer = detach(async (task) => {
        await task.shield(async () => {
          await waiter.promise;
          proof += 1;
        });
        proof += 10; // the shield has given its value: the next wait is what fails
        await task.sleep(0);
        proof += 100;
      });
      await sleep(1);
      expect(outer.cancel()).toBe(true);
      await sleep(5);
      expect([proof, outer.state]).toEqual([0, "running"]);
      waiter.open();
      expect(await errorOf(outer)).toBeInstanceOf(CancelledError);
    });
    expect([proof, now()]).toEqual([11, 6]);
  });

  it("CA-11 (test_shield_cancel_outer; differs: asyncio's outer future ends before the inner) the outer scope ends after the shield, of which nothing is left on it", async () => {
    const { run, taskGroup, now, timers, reports } = virtualRuntime();
    const { signal, listening } = watchedSignal();
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ signal }, async (group) => {
          group.createTask((task) => task.sleep(10).then(() => group.cancel()));
          // The first is over when the cancellation comes, and would complain if it were told of it.
          await group.shield({ cancelAfter: 100 }, ({ sleep }) => sleep(5));
          await group.shield({ timeout: 500, cancelAfter: 100 }, ({ sleep }) => sleep(20));
          return group.isCancelled();
        }),
      ),
    );
    expect([outcome, now(), listening(), timers(), reports]).toEqual([{ value: true }, 25, 0, 0, []]);
  });

  it("CA-11 (test_shield_cancel_inner) if the task within is cancelled, its CancelledError comes out of the shield", async () => {
    const { run, detach, taskGroup, sleep } = virtualRuntime();
    let ofShield: unknown;
    const error = await errorOf(
      run(() => {
        const inner = detach((task) => task.sleep(1000));
        void sleep(5).then(() => inner.cancel("enough"));
        return taskGroup(async (group) => {
          ofShield = await errorOf(group.shield(() => inner));
          expect(group.isCancelled()).toBe(false);
          throw ofShield;
        });
      }),
    );
    expect(ofShield).toBeInstanceOf(CancelledError);
    expect((ofShield as Error).cause).toBe("enough");
    // Nobody cancelled the group: to pass it on is to fail (ME-11).
    expect((error as ExceptionGroup).errors).toEqual([ofShield]);
  });

  it("CA-11 (test_shield_cancel_outer_exception; differs: asyncio reports it to the loop) what fails within after the outer cancellation comes out", async () => {
    const { run, taskGroup, sleep, reports } = virtualRuntime();
    const outside = new AbortController();
    let error: unknown;
    const seen = await unhandledDuring(async () => {
      error = await errorOf(
        run(() => {
          void sleep(1).then(() => outside.abort(stop));
          return taskGroup({ signal: outside.signal }, (group) => {
            group.createTask((task) => task.shield((shield) => shield.sleep(20).then(() => Promise.reject(boom))), {
              name: "inner",
            });
          });
        }),
      );
    });
    expect(failuresOf(error)).toEqual([[boom, "inner"]]);
    expect([(error as Error).cause, reports, seen]).toEqual([stop, [], []]);
  });

  it("CA-11 (test_shield_duplicate_log_once) two shields over one task that fails later: its error comes out once (ME-9)", async () => {
    const { run, taskGroup, detach, sleep, reports } = virtualRuntime();
    const outside = new AbortController();
    let error: unknown;
    const seen = await unhandledDuring(async () => {
      error = await errorOf(
        run(() => {
          const inner = detach((task) => task.sleep(20).then(() => Promise.reject(boom)));
          void sleep(1).then(() => outside.abort(stop));
          return taskGroup({ signal: outside.signal }, (group) => {
            for (const name of ["first", "second"]) group.createTask((task) => task.shield(() => inner), { name });
          });
        }),
      );
    });
    expect((error as ExceptionGroup).failures).toEqual([
      {
        error: boom,
        task: expect.objectContaining({ name: "first" }),
        also: [expect.objectContaining({ name: "second" })],
      },
    ]);
    expect([(error as Error).cause, reports, seen]).toEqual([stop, [], []]);
  });

  it("CA-11 (test_shield_cancel_outer_result) a value from within after the outer cancellation is the caller's, and nothing is reported", async () => {
    const { run, taskGroup, sleep, reports } = virtualRuntime();
    const outside = new AbortController();
    let result: unknown;
    let outcome: unknown;
    const seen = await unhandledDuring(async () => {
      outcome = await run(() => {
        void sleep(1).then(() => outside.abort(stop));
        return outcomeOf(
          taskGroup({ signal: outside.signal }, async (group) => {
            result = await group.shield((shield) => shield.sleep(20).then(() => 1));
          }),
        );
      });
    });
    expect([result, outcome, reports, seen]).toEqual([1, { error: stop }, [], []]);
  });

  it.each([false, true])(
    "CA-11 (test_shield_shortcut) what is done already comes out at once (outer scope cancelled: %s)",
    async (isCancelled) => {
      const { run, taskGroup, now, timers } = virtualRuntime();
      const value = await run(() =>
        taskGroup(async (group) => {
          const task = group.createTask(() => 42);
          await task;
          if (isCancelled) group.cancel();
          return await group.shield(() => task);
        }),
      );
      expect([value, now(), timers()]).toEqual([42, 0, 0]);
    },
  );

  it("CA-11 (test_shield_gather, test_gather_shield) around a gather, and within one, the outer cancellation leaves the work alone", async () => {
    const { run, detach, sleep } = virtualRuntime();
    const results: Record<string, unknown[]> = { around: [], within: [] };
    await run(async () => {
      const work = [1, 2].map((n) => (task: { sleep(ms: number): Promise<void> }) => task.sleep(20).then(() => n));
      const around = detach(async (task) => void results.around?.push(await task.shield(({ gather }) => gather(work))));
      const within = detach(({ gather }) =>
        gather(work.map((fn) => (task) => task.shield(fn).then((n) => results.within?.push(n)))),
      );
      await sleep(1);
      expect([around.cancel(), within.cancel()]).toEqual([true, true]);
      await Promise.allSettled([around, within]);
      // The bodies that came to their ends in spite of it are done; the gather within is a group, which was cancelled.
      expect([around.state, within.state]).toEqual(["done", "cancelled"]);
    });
    expect(results).toEqual({ around: [[1, 2]], within: [1, 2] });
  });
});
