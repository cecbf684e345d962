import { CancelledError, ExceptionGroup, type TaskGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CA-6 group.cancel()", () => {
  it("CA-6 ends the group early without an error: members drain, the block resolves with the body's value", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let drained = false;
    const value = await run(() =>
      taskGroup(async (group) => {
        group.createTask(async (task) => {
          await task.sleep(1000).catch(() => {});
          await task.shield(({ sleep }) => sleep(40));
          drained = true;
        });
        await group.sleep(10);
        group.cancel();
        return 7;
      }),
    );
    expect([value, drained, now()]).toEqual([7, true, 50]);
  });

  it("CA-6 the value is undefined if the body ended by that cancellation", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup(async (group) => {
          group.createTask(() => group.cancel());
          await group.sleep(1000);
          return 7;
        }),
      ),
    );
    expect(outcome).toEqual({ value: undefined });
  });

  it("CA-6 the body goes on to its next wait", async () => {
    const { run, taskGroup } = virtualRuntime();
    const steps: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        steps.push("after cancel");
        await group.sleep(1);
        steps.push("after the wait");
      }),
    );
    expect(steps).toEqual(["after cancel"]);
  });

  it.each([
    [
      "a member, before",
      (group: TaskGroup) => {
        group.createTask(({ sleep }) => sleep(1).then(() => Promise.reject(boom)));
        return group.shield(({ sleep }) => sleep(2)).then(() => group.cancel());
      },
    ],
    [
      "a member, while it is cancelled",
      (group: TaskGroup) => {
        group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(boom)));
        return group.sleep(1).then(() => group.cancel());
      },
    ],
    [
      "the body, after it called cancel()",
      (group: TaskGroup) => {
        group.cancel();
        return Promise.reject(boom);
      },
    ],
    [
      "a cleanup",
      (group: TaskGroup) => {
        group.defer(() => Promise.reject(boom));
        group.cancel();
      },
    ],
  ])("CA-6 real failures still come out: of %s", async (_title, body) => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() => errorOf(taskGroup(async (group) => body(group))))) as ExceptionGroup;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.errors).toEqual([boom]);
  });

  it("CA-6 is idempotent: the first reason stays", async () => {
    const { run, taskGroup } = virtualRuntime();
    let reason: unknown;
    await run(() =>
      taskGroup((group) => {
        group.cancel("first");
        group.cancel("second");
        reason = group.reason;
      }),
    );
    expect((reason as CancelledError).cause).toBe("first");
  });

  it("CA-6 from a cleanup it changes nothing any more", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup((group) => {
        group.defer(() => group.cancel(stop));
        return 7;
      }),
    );
    expect(value).toBe(7);
  });

  it("CA-6 is a no-op after the end", async () => {
    const { run, taskGroup, reports, timers } = virtualRuntime();
    let kept: TaskGroup | undefined;
    const value = await run(() =>
      taskGroup((group) => {
        kept = group;
        return 7;
      }),
    );
    kept?.cancel(stop);
    expect([value, kept?.isCancelled(), reports, timers()]).toEqual([7, false, [], 0]);
  });

  it("CA-6 cancel(reason) makes the reason the CancelledError's cause, and leaves the value alone", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup(async (group) => {
          group.cancel(stop);
          const reason = await errorOf(group.sleep(1));
          expect(reason).toBeInstanceOf(CancelledError);
          expect((reason as CancelledError).cause).toBe(stop);
          return 7;
        }),
      ),
    );
    expect(outcome).toEqual({ value: 7 });
  });

  it("CA-6 c.2 #5 a member that cancels the group before its first await is cancelled too, no hang", async () => {
    for (const eager of [true, false]) {
      const { run, taskGroup } = virtualRuntime();
      let waited = false;
      await run(() =>
        taskGroup((group) => {
          group.createTask(
            async (task) => {
              group.cancel();
              await task.sleep(1000);
              waited = true;
            },
            { eager },
          );
        }),
      );
      expect(waited).toBe(false);
    }
  });

  it("CA-6 a race has one winner: losers runnable in the same turn see the cancellation at their next wait", async () => {
    const { run, taskGroup } = virtualRuntime();
    const winners: number[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let n = 0; n < 3; n++) {
          group.createTask(async (task) => {
            await task.sleep(10);
            task.throwIfCancelled();
            winners.push(n);
            group.cancel();
          });
        }
      }),
    );
    expect(winners).toEqual([0]);
  });

  it("CA-6 outer.cancel() from within an inner group drains both, and the outer block exits cleanly", async () => {
    const { run, taskGroup } = virtualRuntime();
    let after = false;
    const outcome = await run(() =>
      outcomeOf(
        taskGroup(async (outer) => {
          await outer.taskGroup((inner) => {
            inner.createTask(({ sleep }) => sleep(1).then(() => outer.cancel()));
            inner.createTask(({ sleep }) => sleep(1000));
          });
          after = true;
        }),
      ),
    );
    expect([outcome, after]).toEqual([{ value: undefined }, false]);
  });
});

describe("CA-7 an outside cancel is never lost", () => {
  it("CA-7 c.2 #1 catching an inner group's error leaves the outer scope cancelled", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    let next: unknown;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (outer) => {
          const inner = await errorOf(
            outer.taskGroup((group) => {
              group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(boom)));
              group.createTask(({ sleep }) => sleep(1).then(() => outside.abort(stop)));
            }),
          );
          expect((inner as ExceptionGroup).errors).toEqual([boom]);
          expect(outer.isCancelled()).toBe(true);
          next = await errorOf(outer.sleep(1));
        }),
      ),
    );
    expect([next, error]).toEqual([stop, stop]);
  });

  it("CA-7 inner.cancel() leaves the outer scope's cancellation alone", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (outer) => {
          await outer
            .taskGroup(async (inner) => {
              inner.cancel();
              outside.abort(stop);
            })
            .catch(() => {});
          expect(outer.reason).toBe(stop);
        }),
      ),
    );
    expect(error).toBe(stop);
  });

  it("CA-7 an outside cancel after group.cancel() comes out, three groups deep", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const errors: unknown[] = [];
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (a) => {
          errors.push(
            await errorOf(
              a.taskGroup(async (b) => {
                b.cancel();
                errors.push(
                  await errorOf(
                    b.taskGroup(async (c) => {
                      c.cancel();
                      outside.abort(stop);
                    }),
                  ),
                );
              }),
            ),
          );
        }),
      ),
    );
    expect(error).toBe(stop);
    expect(errors.at(-1)).toBe(stop);
  });

  it("CA-7 swallowing it in the body changes nothing", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          await group.sleep(1).catch(() => {});
          return 7;
        }),
      ),
    );
    expect(outcome).toEqual({ error: stop });
  });
});
