import { CancelledError, ExceptionGroup, KeyboardInterrupt, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

describe("CO-8 cleanups of a group", () => {
  it("CO-8 are released last-in-first-out, each awaited, after every member has ended and before the block settles", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const order: string[] = [];
    const value = await run(async () => {
      const result = await taskGroup((group) => {
        group.defer(() => void order.push("first in"));
        group.use({
          async [Symbol.asyncDispose]() {
            await sleep(20);
            order.push("second in");
          },
        });
        group.use({ [Symbol.dispose]: () => void order.push("third in") });
        group.createTask(async (task) => {
          await task.sleep(10);
          order.push("member");
        });
        order.push("body");
        return "value";
      });
      order.push("block settled");
      return result;
    });
    expect(order).toEqual(["body", "member", "third in", "second in", "first in", "block settled"]);
    expect(value).toBe("value");
  });

  it("CO-8 wait for background members and for nested blocks that were left open", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.defer(() => void order.push("cleanup"));
        group.createTask(({ sleep: nap }) => nap(1000).catch(() => sleep(20).then(() => order.push("background"))), {
          background: true,
        });
        void group.failAfter(100, () => sleep(50).then(() => order.push("nested")));
        await group.sleep(1);
      }),
    );
    expect(order).toEqual(["nested", "background", "cleanup"]);
  });

  it("CO-8 use() gives the resource back, and prefers its async disposal, called on it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: unknown[] = [];
    const resource = {
      name: "connection",
      [Symbol.dispose]() {
        seen.push("sync");
      },
      async [Symbol.asyncDispose]() {
        seen.push(this.name);
      },
    };
    await run(() => taskGroup((group) => expect(group.use(resource)).toBe(resource)));
    expect(seen).toEqual(["connection"]);
  });

  it.each([[{}], [null], [undefined], [{ [Symbol.dispose]: 5 }], ["text"]])(
    "CO-8 use(%o) throws a TypeError",
    async (resource) => {
      const { run, taskGroup } = virtualRuntime();
      await run(() => taskGroup((group) => expect(() => group.use(resource as never)).toThrow(TypeError)));
    },
  );

  const fails = (): Promise<never> => Promise.reject(new Error("boom"));
  const works = async (): Promise<void> => {};
  it.each([
    ["a failing member", works, fails],
    ["a failing body", fails, works],
  ] as const)("CO-8 run after %s as well", async (_, body, member) => {
    const { run, taskGroup } = virtualRuntime();
    const cleanup = vi.fn();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.defer(cleanup);
          group.createTask(member);
          return body();
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("boom")]);
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it("CO-8 defer() of members and of cleanups counts, too", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.defer(() => void order.push("body's"));
        group.createTask(() =>
          group.defer(() => {
            order.push("member's");
            group.defer(async () => void order.push("cleanup's"));
          }),
        );
      }),
    );
    expect(order).toEqual(["member's", "cleanup's", "body's"]);
  });
});

describe("CO-8 what cleanups throw is in the group", () => {
  it("CO-8 in the order in which they ran, after members and body", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.defer(() => Promise.reject("first in"));
          group.defer(() => {
            throw "second in";
          });
          group.use({
            [Symbol.dispose]() {
              throw "disposal";
            },
          });
          await outcomeOf(group.createTask(() => Promise.reject("member")));
          throw "body";
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual(["member", "body", "disposal", "second in", "first in"]);
  });

  it.each([undefined, null, 0, ""])("CO-8 a cleanup that throws %s alone makes the block fail", async (thrown) => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.defer(() => Promise.reject(thrown));
          return "value";
        }),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([thrown]);
  });

  it("CO-8 one that throws doesn't stop the others", async () => {
    const { run, taskGroup } = virtualRuntime();
    const cleanup = vi.fn();
    await errorOf(
      run(() =>
        taskGroup((group) => {
          group.defer(cleanup);
          group.defer(() => Promise.reject(new Error("boom")));
          group.defer(cleanup);
        }),
      ),
    );
    expect(cleanup).toHaveBeenCalledTimes(2);
  });

  it("CO-8 a KeyboardInterrupt of a cleanup comes out bare, and the other errors go to the reporter", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.defer(() => Promise.reject(interrupt));
          group.createTask(() => Promise.reject("member"));
        }),
      ),
    );
    expect(error).toBe(interrupt);
    expect(reports.map((report) => report.error)).toEqual(["member"]);
  });
});

describe("CO-8 cleanups run under a shield", () => {
  it("CO-8 a cancelled group runs them to their end", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    const order: string[] = [];
    const controller = new AbortController();
    const error = await errorOf(
      run(() =>
        taskGroup({ signal: controller.signal }, (group) => {
          group.defer(async () => {
            await sleep(50);
            order.push("cleaned up");
          });
          controller.abort("outside");
        }),
      ),
    );
    expect([error, order, now()]).toEqual(["outside", ["cleaned up"], 50]);
  });

  it("CO-8 in a cancelled group a cleanup may open a shield, and under it whatever it needs", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.defer(() =>
          group.shield((shield) =>
            shield.taskGroup((inner) => {
              for (const ms of [10, 20])
                inner.createTask(({ sleep }) => sleep(ms).then(() => order.push(`flushed ${ms}`)));
            }),
          ),
        );
        group.cancel();
      }),
    );
    expect([order, now()]).toEqual([["flushed 10", "flushed 20"], 20]);
  });

  it("CO-8 defer() and use() in a group that is shutting down are in time", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(100).catch(() => group.defer(() => void order.push("member's"))));
        await group.sleep(1);
        group.cancel();
        group.use({ [Symbol.dispose]: () => void order.push("body's") });
      }),
    );
    expect(order).toEqual(["member's", "body's"]);
  });

  it("CO-8 a cancellation that comes while they run doesn't stop them, and isn't lost", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const order: string[] = [];
    const controller = new AbortController();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort("outside"));
        return taskGroup({ signal: controller.signal }, (group) => {
          group.defer(() => sleep(50).then(() => order.push("cleaned up")));
        });
      }),
    );
    expect([error, order]).toEqual(["outside", ["cleaned up"]]);
  });

  it("CO-8 a deadline that passes while they run is none: body and members were done", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ timeout: 10 }, (group) => {
          group.defer(() => sleep(50));
          return "value";
        }),
      ),
    );
    expect(outcome).toEqual({ value: "value" });
  });

  it("CO-8 under a shield nothing is a cancellation: a CancelledError that a cleanup throws is a failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.defer(() => Promise.reject(new CancelledError("half done")));
          group.cancel();
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([expect.any(CancelledError)]);
  });

  it("CO-8 what a cleanup throws wins over a deadline, which is its group's cause (ER-4)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup({ timeout: 10 }, async (group) => {
          group.defer(() => Promise.reject(new Error("rollback")));
          await group.sleep(100);
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("rollback")]);
    expect((error as ExceptionGroup).cause).toBeInstanceOf(TimeoutError);
  });

  it("CO-8 a nested block that a cleanup opens and doesn't await is waited for: nothing outlives the block", async () => {
    const { run, taskGroup, sleep, now, inspectTasks } = virtualRuntime();
    const order: string[] = [];
    await run(async () => {
      await taskGroup((group) => {
        group.defer(() => {
          void group.taskGroup(async () => {
            await sleep(50);
            order.push("nested");
          });
        });
      });
      order.push("block settled");
    });
    expect([order, now(), inspectTasks()]).toEqual([["nested", "block settled"], 50, []]);
  });
});
