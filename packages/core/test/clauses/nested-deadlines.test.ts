import { CancelledError, type ExceptionGroup, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("TO-4 and TO-5 deadlines within others", () => {
  it("TO-4 an outside cancel inside a timeout isn't turned into TimeoutError", async () => {
    const { run, failAfter } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        failAfter(
          10,
          async (scope) => {
            await scope.sleep(5);
            outside.abort(stop);
            await scope.shield(({ sleep }) => sleep(50));
            await scope.sleep(1);
          },
          { signal: outside.signal },
        ),
      ),
    );
    expect(error).toBe(stop);
  });

  it.each([
    ["inner first", 20, 10, "inner"],
    ["outer first", 10, 20, "outer"],
    ["both at once", 10, 10, "outer"],
  ])("TO-4 nested timeouts convert only their own expiry: %s", async (_title, outerMs, innerMs, expected) => {
    const { run, failAfter } = virtualRuntime();
    let ofInner: unknown;
    let isOuterCancelled: boolean | undefined;
    const outcome = await run(() =>
      outcomeOf(
        failAfter(outerMs, async (outer) => {
          ofInner = await errorOf(outer.failAfter(innerMs, (inner) => inner.sleep(1000)));
          isOuterCancelled = outer.isCancelled();
          outer.throwIfCancelled();
          return "went on";
        }),
      ),
    );
    expect(ofInner).toBeInstanceOf(expected === "inner" ? TimeoutError : CancelledError);
    expect(isOuterCancelled).toBe(expected === "outer");
    expect(outcome).toEqual(expected === "inner" ? { value: "went on" } : { error: expect.any(TimeoutError) });
  });

  it("TO-4 TO-1 of nested timeouts with one deadline only the outer is expired: the one that cancelled the scope", async () => {
    const { run, failAfter } = virtualRuntime();
    let expired: boolean[] = [];
    await run(() =>
      errorOf(
        failAfter(10, (outer) =>
          outer.failAfter(10, async (inner) => {
            await inner.sleep(1000).catch(() => {});
            await inner.shield(({ sleep }) => sleep(1));
            expired = [outer.expired, inner.expired];
            throw inner.reason;
          }),
        ),
      ),
    );
    expect(expired).toEqual([true, false]);
  });

  it("TO-4 if an enclosing scope is cancelled by the time the inner block unwinds, its reason goes on", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    let ofInner: unknown;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          ofInner = await errorOf(
            group.failAfter(10, async (scope) => {
              await scope.sleep(1000).catch(() => {});
              await scope.shield(({ sleep }) => sleep(10));
              outside.abort(stop);
              scope.throwIfCancelled();
            }),
          );
          throw ofInner;
        }),
      ),
    );
    expect([ofInner, error]).toEqual([stop, stop]);
  });

  it("TO-4 a sibling's failure while the body sits in a timeout isn't turned into TimeoutError", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)));
          await group.failAfter(20, (scope) => scope.taskGroup((inner) => inner.sleep(1000)));
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, error.cause]).toEqual([[boom], undefined]);
  });

  it("TO-4 a fresh timeout works in the cleanup of one that has expired", async () => {
    const { run, failAfter, now } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        failAfter(10, async (scope) => {
          await scope.sleep(1000).catch(() => {});
          expect(await errorOf(scope.shield({ timeout: 5 }, ({ sleep }) => sleep(1000)))).toBe(scope.reason);
          expect(now()).toBe(15);
          scope.throwIfCancelled();
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
  });

  it("TO-5 a member's own failAfter that expires takes the whole group down", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let cancelled = 0;
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask((task) => task.failAfter(10, ({ sleep }) => sleep(1000)), { name: "slow" });
          group.createTask(({ sleep }) => sleep(1000).finally(() => void cancelled++));
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([expect.any(TimeoutError)]);
    expect(error.failures[0]?.task?.name).toBe("slow");
    expect([cancelled, now()]).toEqual([1, 10]);
  });

  it("TO-5 c.2 #22 a timeout that the member catches is no cancellation of the member or the group", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        const member = group.createTask(async (task) => {
          const error = await errorOf(task.failAfter(10, ({ sleep }) => sleep(1000)));
          expect([task.isCancelled(), group.isCancelled(), task.isCancellation(error)]).toEqual([false, false, false]);
          await task.sleep(10);
          return error instanceof TimeoutError;
        });
        return await member;
      }),
    );
    expect(value).toBe(true);
  });
});
