import { CancelledError, type ExceptionGroup, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CA cancellation", () => {
  it("CA-1 is a tree: what is under a cancelled scope is cancelled, what is beside or above it isn't", async () => {
    const { run, taskGroup } = virtualRuntime();
    let states: unknown;
    await run(() =>
      taskGroup(async (outer) => {
        const beside = outer.createTask(async (task) => {
          await task.sleep(10);
          return task.isCancelled();
        });
        await outer.taskGroup((middle) =>
          middle.failAfter(1000, (deadline) =>
            deadline.taskGroup(async (inner) => {
              inner.createTask((task) => task.sleep(1000).catch(() => {}));
              await inner.sleep(1);
              middle.cancel();
              states = [outer, middle, deadline, inner].map((scope) => scope.isCancelled());
            }),
          ),
        );
        expect(await beside).toBe(false);
      }),
    );
    expect(states).toEqual([false, true, true, true]);
  });

  it("CA-1 is level-triggered: a cancelled scope stays cancelled and every wait made for it fails with its reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const errors: unknown[] = [];
    await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          for (let n = 0; n < 2; n++) {
            errors.push(await errorOf(group.sleep(1)));
            errors.push(await errorOf(group.sleep(0)));
            errors.push(await errorOf(group.abortable(Promise.resolve(1))));
            errors.push(await errorOf(group.abortable(new Promise(() => {}))));
            errors.push(await errorOf(group.idle()));
            errors.push(await errorOf(group.taskGroup((inner) => inner.sleep(1))));
            errors.push(await errorOf(group.failAfter(5, (scope) => scope.sleep(1))));
          }
          expect(() => group.throwIfCancelled()).toThrow(stop);
          expect(group.isCancelled()).toBe(true);
        }),
      ),
    );
    expect(errors).toEqual(Array.from({ length: 14 }, () => stop));
  });

  it("CA-1 a member that swallows its cancellation runs on, and its next wait fails as well", async () => {
    const { run, taskGroup } = virtualRuntime();
    let waits = 0;
    await run(() =>
      taskGroup((group) => {
        group.createTask(async ({ sleep }) => {
          while (waits < 3) await sleep(10).catch(() => void waits++);
        });
        group.createTask(({ sleep }) => sleep(1).then(() => group.cancel()));
      }),
    );
    expect(waits).toBe(3);
  });

  it("CA-2 scope.signal is a real AbortSignal of the platform, made only when somebody reads it", async () => {
    let made = 0;
    const { run, taskGroup } = virtualRuntime({
      createAbortController: () => {
        made++;
        return new AbortController();
      },
    });
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(async (task) => {
          await task.sleep(1);
          expect(made).toBe(0);
          expect(task.signal).toBeInstanceOf(AbortSignal);
          expect(task.signal).toBe(task.signal);
          expect(made).toBe(1);
        });
        await group.failAfter(5, ({ sleep }) => sleep(2));
        group.cancel();
      }),
    );
    expect(made).toBe(1);
  });

  it.each(["before", "after"])("CA-2 signal.reason is the scope's reason, read %s the cancellation", async (when) => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.createTask(async (task) => {
          if (when === "before") expect(task.signal.aborted).toBe(false);
          await task.sleep(10).catch(() => {});
          expect(task.signal.aborted).toBe(true);
          expect(task.signal.reason).toBe(task.reason);
          expect(task.reason).toBeInstanceOf(CancelledError);
        });
        group.createTask(({ sleep }) => sleep(1).then(() => group.cancel()));
      }),
    );
  });

  it("CA-2 the reason is undefined while the scope is live", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() => taskGroup((group) => expect([group.reason, group.isCancelled()]).toEqual([undefined, false])));
  });

  it("CA-3 an outside reason reaches every scope unchanged, and is each signal's reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const reasons: unknown[] = [];
    await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, (a) =>
          a.taskGroup((b) =>
            b.failAfter(1000, async (deadline) => {
              for (const group of [a, b]) {
                group.createTask((task) => {
                  task.onCancel((reason) => void reasons.push(reason, task.reason, task.signal.reason));
                  return task.sleep(1000);
                });
              }
              await deadline.sleep(10);
              outside.abort(stop);
              reasons.push(
                a.reason,
                b.reason,
                deadline.reason,
                a.signal.reason,
                b.signal.reason,
                deadline.signal.reason,
              );
            }),
          ),
        ),
      ),
    );
    expect(reasons).toEqual(Array.from({ length: 12 }, () => stop));
  });

  it("CA-3 after a failure the reason is a CancelledError that names the task and has the failure as its cause", async () => {
    const { run, taskGroup } = virtualRuntime();
    let reason: unknown;
    await run(() =>
      errorOf(
        taskGroup({ name: "crawl" }, async (group) => {
          group.createTask(() => Promise.reject(boom), { name: "page-7" });
          reason = await errorOf(group.sleep(1000));
        }),
      ),
    );
    expect(reason).toBeInstanceOf(CancelledError);
    expect((reason as CancelledError).message).toContain("page-7");
    expect((reason as CancelledError).cause).toBe(boom);
  });

  it.each([
    ["a member failed", 0, boom],
    ["the body failed", 1, boom],
    ["group.cancel() was called", 2, stop],
    ["the deadline passed", 3, expect.any(TimeoutError)],
  ])("CA-3 after %s the reason's cause says so", async (_title, how, cause) => {
    const { run, taskGroup } = virtualRuntime();
    let reason: unknown;
    await run(() =>
      outcomeOf(
        taskGroup(how === 3 ? { timeout: 5 } : {}, async (group) => {
          group.createTask(async ({ sleep }) => {
            reason = await errorOf(sleep(1000));
          });
          if (how === 0) group.createTask(({ sleep }) => sleep(5).then(() => Promise.reject(boom)));
          await group.shield(({ sleep }) => sleep(5));
          if (how === 1) throw boom;
          if (how === 2) group.cancel(stop);
        }),
      ),
    );
    expect(reason).toBeInstanceOf(CancelledError);
    expect((reason as CancelledError).cause).toEqual(cause);
  });

  it("CA-3 there is one reason object per cancellation, for the whole subtree", async () => {
    const { run, taskGroup } = virtualRuntime();
    const reasons = new Set<unknown>();
    await run(() =>
      taskGroup(async (group) => {
        for (let n = 0; n < 100; n++) {
          group.createTask((task) =>
            task.taskGroup((inner) => inner.sleep(1000).catch((error) => void reasons.add(error))),
          );
        }
        await group.sleep(1);
        group.cancel();
        reasons.add(group.reason);
      }),
    );
    expect(reasons.size).toBe(1);
  });

  it("CA-3 CancelledError is an AbortError by name; instanceof and its code tell it apart", () => {
    const error = new CancelledError("x");
    expect([error.name, error.code]).toEqual(["AbortError", "COHORT_CANCELLED"]);
    expect(new DOMException("x", "AbortError")).not.toBeInstanceOf(CancelledError);
  });

  it("CA-3 all scopes are cancelled first, then all are awaited together: 1,000 cleanups of 40 ms take 40 ms", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const told: number[] = [];
    let cleaned = 0;
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          for (let n = 0; n < 1000; n++) {
            group.createTask(async (task) => {
              task.onCancel(() => void told.push(now()));
              try {
                await task.sleep(60_000);
              } finally {
                await task.shield(({ sleep }) => sleep(40));
                cleaned++;
              }
            });
          }
          await group.sleep(5);
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(told).toEqual(Array.from({ length: 1000 }, () => 5));
    expect([cleaned, now()]).toEqual([1000, 45]);
  });

  it("CA-4 options.signal cancels and drains the members, then the block rejects with signal.reason itself", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const outside = new AbortController();
    let drained = 0;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          for (let n = 0; n < 5; n++) {
            group.createTask(async (task) => {
              await task.sleep(1000).catch(() => {});
              await task.shield(({ sleep }) => sleep(40));
              drained++;
            });
          }
          await group.sleep(10);
          outside.abort(stop);
        }),
      ),
    );
    expect(error).toBe(stop);
    expect([drained, now()]).toEqual([5, 50]);
  });

  it("CA-4 an already aborted signal: the body runs with a cancelled scope, no member starts", async () => {
    const { run, taskGroup } = virtualRuntime();
    let wasCancelled = false;
    let ran = false;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: AbortSignal.abort(stop) }, (group) => {
          wasCancelled = group.isCancelled() && group.signal.aborted;
          const task = group.createTask(() => void (ran = true), { eager: true });
          expect(task.state).toBe("cancelled");
          return group.sleep(1);
        }),
      ),
    );
    expect(error).toBe(stop);
    expect([wasCancelled, ran]).toEqual([true, false]);
  });

  it("CA-4 a signal of null or undefined is no signal", async () => {
    const { run, taskGroup } = virtualRuntime();
    expect(await run(() => taskGroup({ signal: null }, () => 7))).toBe(7);
    expect(await run(() => taskGroup({ signal: undefined }, () => 7))).toBe(7);
  });

  it("CA-4 an empty group that is cancelled from outside rejects with the reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, ({ sleep }) => (queueMicrotask(() => outside.abort(stop)), sleep(1))),
      ),
    );
    expect(error).toBe(stop);
  });

  it.each(["group.cancel()", "an outside cancel", "a failure", "a deadline"])(
    "CA-5 further cancels during the drain don't change the reason: %s came first",
    async (first) => {
      const { run, taskGroup } = virtualRuntime();
      const outside = new AbortController();
      const reasons: unknown[] = [];
      await run(() =>
        outcomeOf(
          taskGroup({ signal: outside.signal, ...(first === "a deadline" ? { timeout: 1 } : {}) }, async (group) => {
            group.createTask(async (task) => {
              await task.sleep(1000).catch(() => {});
              reasons.push(task.reason, task.signal.reason, group.reason);
              await task.shield(({ sleep }) => sleep(10));
              reasons.push(task.reason, task.signal.reason, group.reason);
            });
            await group.shield(({ sleep }) => sleep(1));
            if (first === "group.cancel()") group.cancel("one");
            if (first === "an outside cancel") outside.abort("one");
            if (first === "a failure") group.createTask(() => Promise.reject(boom), { eager: true });
            await group.sleep(1000).catch(() => {});
            group.cancel("two");
            outside.abort("three");
            group.cancel("four");
          }),
        ),
      );
      expect(reasons.length).toBe(6);
      expect(new Set(reasons).size).toBe(1);
      expect(["two", "three", "four"]).not.toContain((reasons[0] as { cause?: unknown }).cause ?? reasons[0]);
    },
  );

  it.each([
    ["the group's own signal, then its parent", 0, "own"],
    ["its parent, then its own signal", 1, "parent"],
  ])(
    "CA-5 OUT-3 of two outside cancellations the first one's reason comes out: %s",
    async (_title, order, expected) => {
      const { run, taskGroup } = virtualRuntime();
      const own = new AbortController();
      const parent = new AbortController();
      const abort = [() => own.abort("own"), () => parent.abort("parent")];
      let ofInner: unknown;
      await run(() =>
        outcomeOf(
          taskGroup({ signal: parent.signal }, async (outer) => {
            ofInner = await errorOf(
              outer.taskGroup({ signal: own.signal }, async (inner) => {
                for (const next of order === 0 ? abort : [...abort].reverse()) next();
                await inner.sleep(1);
              }),
            );
          }),
        ),
      );
      expect(ofInner).toBe(expected);
    },
  );
});
