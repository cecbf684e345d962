import { type CancelledError, ExceptionGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";
import { gate } from "./gate.ts";

const boom = new Error("boom");

describe("FF failure", () => {
  it("FF-1 the first failure cancels every other live member and the body", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const cancelled: string[] = [];
    const error = await run(() =>
      errorOf(
        taskGroup(async (group) => {
          for (const name of ["a", "b"]) {
            group.createTask(({ sleep }) => sleep(1000).catch(() => void cancelled.push(name)));
          }
          group.createTask(async ({ sleep }) => {
            await sleep(10);
            throw boom;
          });
          await group.sleep(1000).catch(() => void cancelled.push("body"));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([boom]);
    expect([cancelled, now()]).toEqual([["a", "b", "body"], 10]);
  });

  it("FF-1 a second failure cancels nobody again", async () => {
    const { run, taskGroup } = virtualRuntime();
    let told = 0;
    const error = await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask(async (task) => {
            task.onCancel(() => void told++);
            task.signal.addEventListener("abort", () => void told++);
            await task.shield(({ sleep }) => sleep(10));
          });
          group.createTask(() => Promise.reject(boom));
          group.createTask((task) => task.shield(({ sleep }) => sleep(5)).then(() => Promise.reject(boom)));
        }),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(told).toBe(2);
  });

  it("FF-1 the whole subtree is marked first: no callback sees a sibling that isn't cancelled yet", async () => {
    const { run, taskGroup } = virtualRuntime();
    const scopes: { name: string; isCancelled(): boolean }[] = [];
    const seen: boolean[][] = [];
    const watch = (scope: (typeof scopes)[number] & { onCancel(callback: () => void): unknown }) => {
      scopes.push(scope);
      scope.onCancel(() => void seen.push(scopes.map((other) => other.isCancelled())));
    };
    await run(() =>
      errorOf(
        taskGroup((group) => {
          watch(group);
          for (let n = 0; n < 3; n++) {
            group.createTask((task) => {
              watch(task);
              return task.taskGroup(async (inner) => {
                watch(inner);
                inner.createTask((member) => {
                  watch(member);
                  return member.sleep(1000);
                });
              });
            });
          }
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)));
        }),
      ),
    );
    expect(seen.length).toBe(10);
    expect(seen.flat()).not.toContain(false);
  });

  it("FF-1 abort callbacks run in the order in which the members were created, then the body's", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.onCancel(() => void order.push("body"));
          for (const name of ["a", "b", "c"]) {
            group.createTask(
              (task) => {
                task.onCancel(() => void order.push(name));
                return task.sleep(1000);
              },
              { name },
            );
          }
          await group.sleep(10);
          throw boom;
        }),
      ),
    );
    expect(order).toEqual(["a", "b", "c", "body"]);
  });

  it("FF-1 the order is the same for listeners on the platform's signals", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.signal.addEventListener("abort", () => void order.push("body"));
          for (const name of ["a", "b"]) {
            group.createTask((task) => {
              task.signal.addEventListener("abort", () => void order.push(name));
              return task.sleep(1000);
            });
          }
          await group.sleep(10);
          throw boom;
        }),
      ),
    );
    expect(order).toEqual(["a", "b", "body"]);
  });

  it("FF-1 the first failure is the one whose settlement the group sees first", async () => {
    const { run, taskGroup } = virtualRuntime();
    const gates = [gate(), gate()];
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          const tasks = gates.map((one, n) => group.createTask(() => one.promise, { name: `member-${n}` }));
          await group.sleep(1);
          gates[1]?.fail(boom);
          gates[0]?.fail(new Error("later"));
          await group.sleep(1000).catch((reason: CancelledError) => expect(reason.cause).toBe(boom));
          expect(tasks.map((task) => task.state)).toEqual(["failed", "failed"]);
        }),
      ),
    )) as ExceptionGroup;
    expect(error.failures.map((failure) => failure.task?.name)).toEqual(["member-1", "member-0"]);
  });

  it("FF-1 c.2 #14 a crash after the body has finished still cancels the siblings", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask(({ sleep }) => sleep(1000));
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)));
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, now()]).toEqual([[boom], 10]);
  });

  it("FF-1 one failure stops 10,000 sleepers at once and leaves one error", async () => {
    const { run, taskGroup, now, timers } = virtualRuntime();
    let cancelled = 0;
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          for (let n = 0; n < 10_000; n++) {
            group.createTask(({ sleep }) => sleep(60_000).finally(() => void cancelled++));
          }
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)));
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, cancelled, now(), timers()]).toEqual([[boom], 10_000, 10, 0]);
  });

  it("FF-2 failures of members and of the body during the drain are collected, those of cleanups too", async () => {
    const { run, taskGroup } = virtualRuntime();
    const [member, body, finalizer] = ["member", "body", "finally"].map((text) => new Error(text));
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject(boom));
          group.createTask(async (task) => {
            try {
              await task.sleep(1000);
            } finally {
              await task.shield(({ sleep }) => sleep(40));
              // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is the point
              throw finalizer;
            }
          });
          group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(member)));
          await group.sleep(1000).catch(() => {});
          throw body;
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom, member, finalizer, body]);
  });

  it("FF-2 failures during the drain of an outside cancellation are collected", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = (await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          for (const name of ["a", "b"]) {
            group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(new Error(name))));
          }
          await group.sleep(10);
          outside.abort();
        }),
      ),
    )) as ExceptionGroup<Error>;
    expect([...error.leaves()].map((leaf) => leaf.error.message)).toEqual(["a", "b"]);
  });

  it("FF-3 c.2 #9 a failing body cancels the members; its error is in the group, last", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const member = new Error("member");
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(member)));
          group.createTask(({ sleep }) => sleep(1000));
          await group.sleep(10);
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, now()]).toEqual([[member, boom], 10]);
    expect(error.failures.map((failure) => failure.task?.name)).toEqual([expect.any(String), undefined]);
  });

  it.each(["synchronously", "from an async function"])(
    "FF-3 a body that throws %s before its first wait cancels members that then never run",
    async (how) => {
      const { run, taskGroup } = virtualRuntime();
      let ran = false;
      const error = (await run(() =>
        errorOf(
          taskGroup((group) => {
            group.createTask(() => void (ran = true));
            if (how === "synchronously") throw boom;
            return Promise.reject(boom);
          }),
        ),
      )) as ExceptionGroup;
      expect([error.errors, ran]).toEqual([[boom], false]);
    },
  );

  it("FF-5 c.2 #17 the first error is the real one, not what a sibling threw on being cancelled", async () => {
    const { run, taskGroup } = virtualRuntime();
    const consequence = new Error("connection closed");
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask((task) => new Promise((_resolve, reject) => void task.onCancel(() => reject(consequence))));
          group.createTask(() => Promise.reject(boom));
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom, consequence]);
  });

  it("FF-5 settled members' values aren't kept by the group, only by their handles", async () => {
    const { taskGroup } = virtualRuntime();
    await taskGroup(async (group) => {
      let dropped: WeakRef<object> | undefined;
      let kept: WeakRef<object> | undefined;
      group.createTask(() => {
        const value = { big: true };
        dropped = new WeakRef(value);
        return value;
      });
      const handle = group.createTask(() => {
        const value = { big: true };
        kept = new WeakRef(value);
        return value;
      });
      await group.idle();
      expect(await isCollected(dropped as never)).toBe(true);
      expect(kept?.deref()).toBe(handle.result());
    });
  });
});
