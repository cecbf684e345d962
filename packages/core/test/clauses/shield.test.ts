import { type CancelledError, type ExceptionGroup, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CA-11 shield", () => {
  it("CA-11 outer cancellation doesn't reach the body, nor what is nested in it", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const outside = new AbortController();
    const value: unknown[] = [];
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(1).then(() => outside.abort(stop)));
          value.push(
            await group.shield((shield) =>
              shield.taskGroup(async (inner) => {
                const task = inner.createTask(async (member) => {
                  await member.sleep(40);
                  return [member.isCancelled(), shield.isCancelled(), inner.isCancelled(), group.isCancelled()];
                });
                return await task;
              }),
            ),
          );
        }),
      ),
    );
    expect(value).toEqual([[false, false, false, true]]);
    expect([error, now()]).toEqual([stop, 40]);
  });

  it("CA-11 a shield opened in a cancelled scope runs its body with a live scope", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: unknown[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        await group.shield(async (shield) => {
          seen.push(shield.isCancelled(), shield.signal.aborted, shield.reason);
          await shield.sleep(10);
          seen.push("slept");
        });
      }),
    );
    expect(seen).toEqual([false, false, undefined, "slept"]);
  });

  it("CA-11 the caller waits, so nothing leaks: the cancelled group ends after the shield", async () => {
    const { run, taskGroup, now, inspectTasks } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.createTask((task) => task.shield(({ sleep }) => sleep(30)));
        group.createTask((task) => {
          void task.shield(({ sleep }) => sleep(50)); // not even awaited
        });
        group.createTask(({ sleep }) => sleep(1).then(() => group.cancel()));
      }),
    );
    expect([now(), inspectTasks()]).toEqual([50, []]);
  });

  it("CA-11 (test_shield_result, test_shield_exception) gives the body's value or its error", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        expect(await group.shield(() => 7)).toBe(7);
        expect(await errorOf(group.shield(() => Promise.reject(boom)))).toBe(boom);
        expect(await errorOf(group.shield(() => { throw boom; }))).toBe(boom); // prettier-ignore
      }),
    );
  });

  it("CA-11 { timeout } bounds it from its start", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await run(() =>
      taskGroup((group) => errorOf(group.shield({ timeout: 10 }, ({ sleep }) => sleep(1000)))),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(now()).toBe(10);
  });

  it("CA-11 { cancelAfter } bounds it from the outer cancellation", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const outside = new AbortController();
    let cut: number | undefined;
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(100).then(() => outside.abort(stop)));
          await group.shield({ cancelAfter: 10 }, async (shield) => {
            shield.onCancel(() => (cut = now()));
            await shield.sleep(1000);
          });
        }),
      ),
    );
    expect([error, cut]).toEqual([stop, 110]);
  });

  it("CA-11 { cancelAfter } doesn't bound a shield whose outer scope is never cancelled", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() => taskGroup((group) => group.shield({ cancelAfter: 10 }, ({ sleep }) => sleep(1000))));
    expect(now()).toBe(1000);
  });

  it("CA-11 { cancelAfter } counts from the outer cancellation also when the shield is opened after it", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let cut: number | undefined;
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        await group.shield(({ sleep }) => sleep(6));
        await group
          .shield({ cancelAfter: 10 }, async (shield) => {
            shield.onCancel(() => (cut = now()));
            await shield.sleep(1000);
          })
          .catch(() => {});
      }),
    );
    expect(cut).toBe(10);
  });

  it.each([
    [{ timeout: 5, cancelAfter: 100 }, 5],
    [{ timeout: 500, cancelAfter: 10 }, 11],
  ])("CA-11 with both, %o, the earlier bound holds", async (options, expected) => {
    const { run, taskGroup, now } = virtualRuntime();
    let cut: number | undefined;
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1).then(() => group.cancel()));
        await group
          .shield(options, (shield) => {
            shield.onCancel(() => (cut = now()));
            return shield.sleep(1000);
          })
          .catch(() => {});
      }),
    );
    expect(cut).toBe(expected);
  });

  it("CA-11 the body sees the outer state through shield.outer", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: unknown[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(5).then(() => group.cancel("enough")));
        await group.shield(async (shield) => {
          const { outer } = shield;
          outer.onCancel((reason) => seen.push((reason as CancelledError).cause));
          seen.push(outer.isCancelled(), outer.reason);
          await shield.sleep(10);
          seen.push(outer.isCancelled(), outer.reason === group.reason, shield.isCancelled());
        });
      }),
    );
    expect(seen).toEqual([false, undefined, "enough", true, true, false]);
  });

  it("CA-11 after the shield the next wait in the cancelled scope fails with the outer reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    let next: unknown;
    await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          await group.shield(({ sleep }) => sleep(10));
          next = await errorOf(group.sleep(1));
        }),
      ),
    );
    expect(next).toBe(stop);
  });

  it("CA-11 a failure in a shielded member still takes its own group down", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        taskGroup((group) => {
          group.cancel();
          return group.shield((shield) =>
            shield.taskGroup((inner) => void inner.createTask(() => Promise.reject(boom))),
          );
        }),
      ),
    );
    expect((error as ExceptionGroup<Error>).message).toContain("1 sub-exception");
    expect([...(error as ExceptionGroup).leaves()].map((leaf) => leaf.error)).toEqual([boom]);
  });

  it("CA-11 shields nest: each is reached by no cancellation from outside it", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1).then(() => group.cancel()));
        await group.shield({ cancelAfter: 4 }, async (outer) => {
          await outer.shield(({ sleep }) => sleep(20));
          expect(outer.isCancelled()).toBe(true);
          expect(now()).toBe(20);
        });
      }),
    );
    expect.assertions(2);
  });

  it("CA-11 a slot of a limit is given back only when the function has really ended, not when its timeout fired", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let started: number | undefined;
    await run(() =>
      taskGroup({ limit: 1 }, (group) => {
        group.createTask((task) =>
          task.moveOnAfter(10, async (scope) => {
            await scope.sleep(1000).catch(() => {});
            await scope.shield(({ sleep }) => sleep(40));
          }),
        );
        group.createTask(() => void (started = now()));
      }),
    );
    expect(started).toBe(50);
  });

  it("CA-11 a slot is kept by a member that was cancelled alone until it has really ended", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let started: number | undefined;
    await run(() =>
      taskGroup({ limit: 1, memberCancel: true }, async (group) => {
        const first = group.createTask((task) => task.shield(({ sleep }) => sleep(40)));
        group.createTask(() => void (started = now()));
        await group.sleep(10);
        first.cancel();
      }),
    );
    expect(started).toBe(40);
  });

  it.each([Number.NaN, -1])(
    "TO-6 a shield's timeout or cancelAfter of %s is a RangeError, the body isn't called",
    async (ms) => {
      const { run, taskGroup } = virtualRuntime();
      let ran = false;
      await run(() =>
        taskGroup(async (group) => {
          for (const options of [{ timeout: ms }, { cancelAfter: ms }, { grace: ms }, { abandonAfter: ms }]) {
            expect(await errorOf(group.shield(options, () => (ran = true)))).toBeInstanceOf(RangeError);
          }
        }),
      );
      expect(ran).toBe(false);
    },
  );
});
