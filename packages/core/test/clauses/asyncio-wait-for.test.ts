import { CancelledError, type DeadlineScope, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";

describe("asyncio.wait_for beside failAfter and moveOnAfter", () => {
  it("TO-6 TO-3 (test_wait_for_timeout_less_then_0_or_0_future_done) with no time at all, what is done already gives its value", async () => {
    const { run, failAfter, moveOnAfter, detach, now } = virtualRuntime();
    const outcomes = await run(async () => {
      const task = detach(() => "done");
      await task;
      return [await failAfter(0, () => task), await moveOnAfter(0, () => task)];
    });
    expect([outcomes, now()]).toEqual([["done", { timedOut: false, value: "done" }], 0]);
  });

  it("TO-6 (test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started; differs: a body runs up to its first wait) with no time at all a task never starts", async () => {
    const { run, failAfter, moveOnAfter, detach, now } = virtualRuntime();
    const fn = vi.fn();
    const steps: string[] = [];
    const body = async ({ sleep }: Pick<DeadlineScope, "sleep">) => {
      steps.push("began");
      await sleep(0);
      steps.push("went on");
    };
    await run(async () => {
      expect(await errorOf(detach(fn, { timeout: 0 }))).toBeInstanceOf(TimeoutError);
      expect(await errorOf(failAfter(0, body))).toBeInstanceOf(TimeoutError);
      expect(await moveOnAfter(0, body)).toEqual({ timedOut: true });
    });
    expect([fn.mock.calls, steps, now()]).toEqual([[], ["began", "began"], 0]);
  });

  it.each([0, -1])(
    "TO-6 (test_wait_for_timeout_less_then_0_or_0) what runs already and gets %d ms is cancelled, and has ended when the TimeoutError comes",
    async (ms) => {
      const { run, failAfter, sleep, now } = virtualRuntime();
      let isRunning: boolean | undefined;
      const error = await run(async () => {
        let block: DeadlineScope | undefined;
        const foo = errorOf(
          failAfter(10_000, async (scope) => {
            block = scope;
            isRunning = true;
            await scope.sleep(1000).finally(() => (isRunning = false));
          }),
        );
        await sleep(1);
        expect(isRunning).toBe(true);
        block?.reschedule(now() + ms);
        return await foo;
      });
      expect(error).toBeInstanceOf(TimeoutError);
      expect([isRunning, now()]).toEqual([false, 1]);
    },
  );

  it("TO-6 (test_wait_for_timeout_less_then_0_or_0; differs: a duration of less than 0 is a mistake) failAfter(-1) is a RangeError, a deadline in the past is none", async () => {
    const { run, failAfter, failAt, now } = virtualRuntime();
    const body = vi.fn((scope: DeadlineScope) => scope.sleep(1));
    expect(await run(() => errorOf(failAfter(-1, body)))).toBeInstanceOf(RangeError);
    expect(body).not.toHaveBeenCalled();
    expect(await run(() => errorOf(failAt(now() - 1, body)))).toBeInstanceOf(TimeoutError);
  });

  it("TO-1 (test_wait_for) a body that is too slow is cancelled and has ended when the TimeoutError comes", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const seen: unknown[] = [];
    const error = await run(() =>
      errorOf(
        failAfter(100, async (scope) => {
          seen.push("running");
          await scope.sleep(10_000).finally(() => seen.push("ended", scope.isCancelled()));
          return "done";
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect([seen, now()]).toEqual([["running", "ended", true], 100]);
  });

  it("TO-6 (test_wait_for_blocking) without a limit it gives what the body gives, and sets no timer", async () => {
    const { run, failAfter, timers } = virtualRuntime();
    const value = await run(() => failAfter(Infinity, async () => (expect(timers()).toBe(0), "done")));
    expect(value).toBe("done");
  });

  it("TO-1 (test_wait_for_waits_for_task_cancellation_w_timeout_0) with no time at all, too, it waits for the cleanup before the TimeoutError", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const reasons: unknown[] = [];
    const error = await run(() =>
      errorOf(
        failAfter(0, (scope) =>
          linger(scope.sleep(10_000), () => {
            reasons.push(scope.reason);
            return scope.shield(({ sleep }) => sleep(5));
          }),
        ),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(reasons).toEqual([expect.any(CancelledError)]);
    expect([(reasons[0] as CancelledError).cause, now()]).toEqual([error, 5]);
  });

  it("CA-8 (test_asyncio_wait_for_timeout) a body that ignores the expiry is waited for", async () => {
    const { run, failAfter, moveOnAfter, sleep, now } = virtualRuntime();
    const exits: number[] = [];
    const slow = () => sleep(200).then(() => void exits.push(now()));
    const outcomes = await run(async () => [await outcomeOf(failAfter(100, slow)), await moveOnAfter(100, slow)]);
    // It came to its end, so that is how it ends (TO-3).
    expect(outcomes).toEqual([{ value: undefined }, { timedOut: false, value: undefined }]);
    expect(exits).toEqual([200, 400]);
  });

  it("CA-8 (test_asyncio_wait_for_cancelled) a body that ignores an outside cancellation is waited for", async () => {
    const { run, detach, sleep, now } = virtualRuntime();
    let exited: number | undefined;
    await run(async () => {
      const waiting = detach(({ failAfter }) => failAfter(400, () => sleep(200).then(() => (exited = now()))));
      await sleep(1);
      expect(waiting.cancel()).toBe(true);
      await Promise.allSettled([waiting]);
      expect(now()).toBe(exited);
    });
    expect(exited).toBe(200);
  });

  it("CA-8 (test_wait_for_self_cancellation; differs: asyncio leaves the inner task behind) cancelled while its body holds up the cancellation, it waits for the body", async () => {
    const { run, detach, sleep, now } = virtualRuntime();
    const values: number[] = [];
    await run(async () => {
      const waiting = detach(async (task) => {
        values.push(
          (await task.failAfter(100, (scope) => scope.sleep(300).catch(() => sleep(300).then(() => 42)))) as number,
        );
        task.throwIfCancelled();
      });
      await sleep(150);
      waiting.cancel();
      expect(await errorOf(waiting)).toBeInstanceOf(CancelledError);
    });
    expect([values, now()]).toEqual([[42], 400]);
  });

  it.each([
    ["test_cancel_wait_for", 60_000],
    ["test_cancel_blocking_wait_for", Infinity],
  ])("TO-4 (%s) cancelled from outside, with a limit of %d ms, it cancels what it waits for", async (_test, ms) => {
    const { run, detach, sleep, now, timers } = virtualRuntime();
    const ends: unknown[] = [];
    await run(async () => {
      const waiting = detach((task) =>
        task.failAfter(ms, async (scope) => {
          ends.push(await errorOf(scope.abortable(new Promise(() => {}))), scope.expired);
          throw scope.reason;
        }),
      );
      await sleep(1);
      waiting.cancel();
      expect(await errorOf(waiting)).toBe(ends[0]);
      expect(waiting.state).toBe("cancelled");
    });
    expect(ends).toEqual([expect.any(CancelledError), false]);
    expect([now(), timers()]).toEqual([1, 0]);
  });

  it("CA-1 (test_wait_for_issue86296; differs: the result is delivered) cancelled in the turn of the result, its caller gets no further than its next wait", async () => {
    const { run, detach, sleep, now } = virtualRuntime();
    const result = gate<string>();
    const steps: unknown[] = [];
    await run(async () => {
      const task = detach(async (scope) => {
        steps.push(await scope.failAfter(100, () => result.promise));
        await scope.sleep(1);
        steps.push("reached the end");
      });
      await sleep(1);
      result.open("result");
      expect(task.cancel()).toBe(true);
      expect(await errorOf(task)).toBeInstanceOf(CancelledError);
      expect(task.state).toBe("cancelled");
    });
    expect([steps, now()]).toEqual([["result"], 1]);
  });

  it("TO-1 (test_wait_for_race_condition) a result before the deadline is the result", async () => {
    const { run, failAfter, sleep, now, timers } = virtualRuntime();
    const result = gate<string>();
    const value = await run(() => {
      void sleep(100).then(() => result.open("ok"));
      return failAfter(200, (scope) => scope.abortable(result.promise));
    });
    expect([value, now(), timers()]).toEqual(["ok", 100, 0]);
  });
});

describe("asyncio.wait_for around asyncio.shield", () => {
  it.each([
    ["test_zero_timeout", 0],
    ["test_shielded_timeout", 10],
  ])(
    "CA-10 (WaitForShieldTests %s) around abortable(task) only the wait ends after %d ms, the standalone task runs on",
    async (_test, ms) => {
      const { run, failAfter, detach, now } = virtualRuntime();
      const value = await run(async () => {
        const task = detach(({ sleep }) => sleep(100).then(() => "done"));
        expect(await errorOf(failAfter(ms, ({ abortable }) => abortable(task)))).toBeInstanceOf(TimeoutError);
        expect(now()).toBe(ms);
        expect(["done", "failed", "cancelled"]).not.toContain(task.state);
        return await task;
      });
      expect([value, now()]).toEqual(["done", 100]);
    },
  );

  it.each([
    ["test_zero_timeout", 0],
    ["test_shielded_timeout", 10],
  ])(
    "CA-11 (WaitForShieldTests %s; differs: asyncio's caller doesn't wait) around a shield nothing runs on after %d ms: its end is waited for, and its value is the value (TO-3)",
    async (_test, ms) => {
      const { run, failAfter, now } = virtualRuntime();
      let expired: boolean | undefined;
      const value = await run(() =>
        failAfter(ms, async (scope) => {
          const done = await scope.shield(({ sleep }) => sleep(100).then(() => "done"));
          expired = scope.expired;
          return done;
        }),
      );
      expect([value, expired, now()]).toEqual(["done", true, 100]);
    },
  );

  it("CA-11 (WaitForShieldTests test_none_timeout) without a limit a shield within runs to its end", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const value = await run(() =>
      failAfter(Infinity, ({ shield }) => shield(({ sleep }) => sleep(100).then(() => "done"))),
    );
    expect([value, now()]).toEqual(["done", 100]);
  });
});
