import { CancelledError, type DeadlineScope, type ExceptionGroup, type Scope, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("TO deadlines", () => {
  it.each(["failAfter", "failAt"] as const)(
    "TO-1 (test_wait_for_waits_for_task_cancellation) %s: on expiry the scope is cancelled, the body awaited, then TimeoutError is thrown",
    async (name) => {
      const runtime = virtualRuntime();
      const { run, now } = runtime;
      const steps: unknown[] = [];
      const error = await run(() =>
        errorOf(
          runtime[name](10, async (scope) => {
            steps.push(scope.expired);
            try {
              await scope.sleep(1000);
            } catch (reason) {
              steps.push(now(), scope.expired, scope.isCancelled(), reason === scope.reason);
              await scope.shield(({ sleep }) => sleep(40));
              steps.push("cleaned up");
              throw reason;
            }
          }),
        ),
      );
      expect(steps).toEqual([false, 10, true, true, true, "cleaned up"]);
      expect(error).toBeInstanceOf(TimeoutError);
      expect([(error as Error).name, now()]).toEqual(["TimeoutError", 50]);
    },
  );

  it("TO-1 what code inside sees is a CancelledError whose cause is the TimeoutError that comes out", async () => {
    const { run, failAfter } = virtualRuntime();
    let inside: unknown;
    const error = await run(() =>
      errorOf(
        failAfter(10, async ({ sleep }) => {
          inside = await errorOf(sleep(1000));
          throw inside;
        }),
      ),
    );
    expect(inside).toBeInstanceOf(CancelledError);
    expect((inside as CancelledError).cause).toBe(error);
  });

  it("TO-1 a body that is done in time gives its value; the scope isn't expired", async () => {
    const { run, failAfter, now } = virtualRuntime();
    let kept: DeadlineScope | undefined;
    const value = await run(() =>
      failAfter(10, async (scope) => {
        kept = scope;
        await scope.sleep(9);
        return 7;
      }),
    );
    expect([value, kept?.expired, kept?.isCancelled(), now()]).toEqual([7, false, false, 9]);
  });

  it("TO-1 scope.when is the moment on the runtime's clock; reschedule moves it, later, earlier and to never", async () => {
    const { run, failAfter, now, timers } = virtualRuntime();
    const cut: number[] = [];
    const attempt = (move: (scope: DeadlineScope) => void) =>
      outcomeOf(
        failAfter(10, async (scope) => {
          expect(scope.when).toBe(now() + 10);
          move(scope);
          scope.onCancel(() => void cut.push(now()));
          await scope.sleep(100);
          return scope.when;
        }),
      );
    const outcomes = await run(async () => [
      await attempt((scope) => scope.reschedule(scope.when + 10)),
      await attempt((scope) => scope.reschedule(scope.when - 5)),
      await attempt((scope) => scope.reschedule(Infinity)),
    ]);
    expect(cut).toEqual([20, 25]);
    expect(outcomes).toEqual([
      { error: expect.any(TimeoutError) },
      { error: expect.any(TimeoutError) },
      { value: Infinity },
    ]);
    expect(timers()).toBe(0);
  });

  it("TO-1 reschedule to a moment that has passed expires at once", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        failAfter(1000, async (scope) => {
          await scope.sleep(10);
          scope.reschedule(now());
          expect([scope.expired, scope.isCancelled()]).toEqual([true, true]);
          await scope.sleep(1);
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
  });

  it("TO-1 reschedule is refused once the deadline has expired, and once the block has ended", async () => {
    const { run, failAfter } = virtualRuntime();
    const refused = { name: "InvalidStateError" };
    let kept: DeadlineScope | undefined;
    await run(() =>
      outcomeOf(
        failAfter(10, async (scope) => {
          kept = scope;
          await scope.sleep(1000).catch(() => {});
          expect(() => scope.reschedule(1000)).toThrow(expect.objectContaining(refused));
        }),
      ),
    );
    expect(() => kept?.reschedule(1000)).toThrow(expect.objectContaining(refused));
    await run(() => failAfter(10, (scope) => void (kept = scope)));
    expect(() => kept?.reschedule(1000)).toThrow(expect.objectContaining(refused));
    expect(kept?.expired).toBe(false);
  });

  it("TO-1 reschedule works, and matters to nobody, in a scope that is cancelled from outside", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        failAfter(
          10,
          async (scope) => {
            outside.abort(stop);
            scope.reschedule(now() + 1);
            await scope.shield(({ sleep }) => sleep(5));
            await scope.sleep(1);
          },
          { signal: outside.signal },
        ),
      ),
    );
    expect(error).toBe(stop);
  });

  it.each([
    ["NaN", Number.NaN, RangeError],
    ["an invalid Date", new Date(Number.NaN), RangeError],
    ["a string", "10", TypeError],
    ["undefined", undefined, TypeError],
    ["null", null, TypeError],
    ["a bigint", 10n, TypeError],
  ])("TO-1 TO-6 reschedule and failAt refuse %s, and nothing changes", async (_title, when, expected) => {
    const { run, failAfter, failAt } = virtualRuntime();
    let ran = false;
    const value = await run(() =>
      failAfter(10, async (scope) => {
        expect(() => scope.reschedule(when as number)).toThrow(expected);
        expect(scope.when).toBe(10);
        return 7;
      }),
    );
    expect(value).toBe(7);
    expect(await errorOf(failAt(when as number, () => (ran = true)))).toBeInstanceOf(expected);
    expect(ran).toBe(false);
  });

  it("TO-1 failAt and reschedule take a Date", async () => {
    const { run, failAt, now } = virtualRuntime();
    const cut: number[] = [];
    await run(async () => {
      await outcomeOf(failAt(new Date(20), ({ sleep }) => sleep(1000)));
      cut.push(now());
      await outcomeOf(
        failAt(new Date(1000), (scope) => {
          scope.reschedule(new Date(50));
          return scope.sleep(1000);
        }),
      );
      cut.push(now());
    });
    expect(cut).toEqual([20, 50]);
  });

  it("TO-2 a group's timeout drains the members before TimeoutError comes out", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let drained = 0;
    const error = await run(() =>
      errorOf(
        taskGroup({ timeout: 10, name: "crawl" }, (group) => {
          for (let n = 0; n < 3; n++) {
            group.createTask(async (task) => {
              await task.sleep(1000).catch(() => {});
              await task.shield(({ sleep }) => sleep(40));
              drained++;
              task.throwIfCancelled();
            });
          }
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect([drained, now()]).toEqual([3, 50]);
  });

  it("TO-3 (test_wait_for_cancel_suppressed, test_wait_for_cancellation_race_condition) a body that finished with a value in spite of expiry gives the value", async () => {
    const { run, failAfter, taskGroup } = virtualRuntime();
    const body = async (scope: Scope) => {
      await scope.sleep(1000).catch(() => {});
      return 7;
    };
    expect(await run(() => failAfter(10, body))).toBe(7);
    expect(await run(() => taskGroup({ timeout: 10 }, body))).toBe(7);
  });

  it("TO-3 (test_wait_for_reraises_exception_during_cancellation) a body that failed with its own error gives that error", async () => {
    const { run, failAfter, taskGroup } = virtualRuntime();
    const body = ({ sleep }: Scope) => sleep(1000).catch(() => Promise.reject(boom));
    expect(await run(() => errorOf(failAfter(10, body)))).toBe(boom);
    const ofGroup = (await run(() => errorOf(taskGroup({ timeout: 10 }, body)))) as ExceptionGroup;
    expect(ofGroup.errors).toEqual([boom]);
  });
});
