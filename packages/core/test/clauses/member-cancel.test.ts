import { CancelledError, ExceptionGroup, type Task, type TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

describe("ME-5 a group is atomic by default", () => {
  it("ME-5 task.cancel() on a member returns false and changes nothing", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const seen: unknown[] = [];
    const value = await run(() =>
      taskGroup(async (group) => {
        const running = group.createTask(
          async (task) => {
            await task.sleep(10);
            return task.isCancelled();
          },
          { eager: true },
        );
        const pending = group.createTask(({ sleep }) => sleep(10));
        seen.push(pending.cancel(), running.cancel("why"), pending.state, running.state, group.isCancelled());
        seen.push(await running, await pending);
        return "value";
      }),
    );
    expect(seen).toEqual([false, false, "pending", "running", false, false, undefined]);
    expect([value, now()]).toEqual(["value", 10]);
  });

  it("ME-5 it is reported once to the instruments, never silent", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const ignored: string[] = [];
    const cancelled: string[] = [];
    addInstrument({
      onIgnoredCancel: ({ name }) => void ignored.push(name),
      onCancel: ({ name }) => void cancelled.push(name),
    });
    await run(() =>
      taskGroup(async (group) => {
        const tasks = ["a", "b"].map((name) => group.createTask(({ sleep }) => sleep(10), { name }));
        for (const task of tasks) for (let n = 0; n < 3; n++) task.cancel();
        await group.sleep(1);
        for (const task of tasks) task.cancel();
      }),
    );
    expect([ignored, cancelled]).toEqual([["a", "b"], []]);
  });

  it("ME-5 on a finished member it returns false and reports nothing", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const ignored: string[] = [];
    addInstrument({ onIgnoredCancel: ({ name }) => void ignored.push(name) });
    await run(() =>
      taskGroup({ onFailure: () => {} }, async (group) => {
        const tasks = [group.createTask(() => 1), group.createTask(() => Promise.reject(new Error("boom")))];
        await group.idle();
        expect(tasks.map((task) => task.cancel())).toEqual([false, false]);
        expect(tasks.map(({ state }) => state)).toEqual(["done", "failed"]);
      }),
    );
    expect(ignored).toEqual([]);
  });

  it("ME-5 a body that wants to end early calls group.cancel()", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const tasks: Task<void>[] = [];
    await run(() =>
      taskGroup(async (group) => {
        for (let n = 0; n < 3; n++) tasks.push(group.createTask(({ sleep }) => sleep(1000)));
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect([tasks.map(({ state }) => state), now()]).toEqual([["cancelled", "cancelled", "cancelled"], 1]);
  });

  it("ME-5 work that must be cancelled alone is a nested group", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        let stop = (): void => {};
        group.createTask(async (task) => {
          await task.taskGroup(async (inner) => {
            stop = inner.cancel;
            await inner.sleep(1000);
          });
          order.push("after the inner group");
        });
        group.createTask(({ sleep }) => sleep(20).then(() => order.push("sibling")));
        await group.sleep(10);
        stop();
      }),
    );
    expect([order, now()]).toEqual([["after the inner group", "sibling"], 20]);
  });
});

describe("ME-6 memberCancel: true is asyncio's behaviour", () => {
  it("ME-6 (test_taskgroup_03) cancel() returns true, that task alone is cancelled, siblings and body go on", async () => {
    const { run, taskGroup, now, reports } = virtualRuntime();
    const tasks: Task<unknown>[] = [];
    const value = await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const alone = group.createTask(({ sleep }) => sleep(1000));
        const sibling = group.createTask(({ sleep }) => sleep(30).then(() => "sibling"));
        tasks.push(alone, sibling);
        await group.sleep(10);
        expect(alone.cancel("because")).toBe(true);
        expect(group.isCancelled()).toBe(false);
        await group.sleep(10);
        expect(alone.state).toBe("cancelled");
        return "value";
      }),
    );
    expect([value, tasks.map(({ state }) => state), now(), reports]).toEqual(["value", ["cancelled", "done"], 30, []]);
    const reason = await errorOf(tasks[0] as Task<unknown>);
    expect(reason).toBeInstanceOf(CancelledError);
    expect((reason as Error).cause).toBe("because");
  });

  it("ME-6 a member that hasn't started never runs and leaves at once", async () => {
    const { run, taskGroup } = virtualRuntime();
    const ran: string[] = [];
    await run(() =>
      taskGroup({ memberCancel: true, limit: 1 }, (group) => {
        const work =
          (name: string) =>
          ({ sleep }: TaskScope) => (ran.push(name), sleep(1));
        const [, b, c] = ["a", "b", "c", "d"].map((name) => group.createTask(work(name)));
        expect([b?.cancel(), b?.state, group.size]).toEqual([true, "cancelled", 3]);
        group.createTask(async ({ sleep }) => {
          await sleep(0);
          ran.push("last");
        });
        return c;
      }),
    );
    expect(ran).toEqual(["a", "c", "d", "last"]);
  });

  it("ME-6 a member cancelled while it waits for a slot gives its place up, and the rest keep their order", async () => {
    for (const mayHaveContext of [false, true]) {
      const { run, taskGroup, now } = virtualRuntime({ mayHaveContext: () => mayHaveContext });
      const ran: string[] = [];
      await run(() =>
        taskGroup({ memberCancel: true, limit: 1 }, async (group) => {
          const work =
            (name: string) =>
            ({ sleep }: TaskScope) => (ran.push(name), sleep(10));
          const tasks = ["a", "b", "c", "d"].map((name) => group.createTask(work(name)));
          await group.sleep(5);
          tasks[1]?.cancel();
          tasks[2]?.cancel();
        }),
      );
      expect([ran, now()]).toEqual([["a", "d"], 20]);
    }
  });

  it("ME-6 a running member cancelled alone gives its slot back when it has really ended", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ memberCancel: true, limit: 1 }, async (group) => {
        const first = group.createTask(async (task) => {
          await task.sleep(1000).catch(() => sleep(50));
          order.push("first ends");
        });
        group.createTask(() => void order.push("second starts"));
        await group.sleep(1);
        first.cancel();
        await group.sleep(10);
        expect(order).toEqual([]);
      }),
    );
    expect(order).toEqual(["first ends", "second starts"]);
  });

  it("ME-6 what the member opened is cancelled with it", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const inner: Task<void>[] = [];
        const task = group.createTask((scope) =>
          scope.taskGroup((nested) => void inner.push(nested.createTask(({ sleep }) => sleep(1000)))),
        );
        await group.sleep(1);
        task.cancel();
        await errorOf(task);
        expect([task.state, inner[0]?.state]).toEqual(["cancelled", "cancelled"]);
      }),
    );
    expect(now()).toBe(1);
  });

  it("ME-6 cancel() on a finished member returns false; twice on a running one it returns true and keeps the first reason", async () => {
    const { run, taskGroup, timers, reports, sleep, settle } = virtualRuntime();
    await run(() =>
      taskGroup({ memberCancel: true, onFailure: () => {} }, async (group) => {
        const done = group.createTask(() => 1);
        const stubborn = group.createTask(async (scope) => {
          await scope.sleep(1000).catch(() => sleep(10));
          scope.throwIfCancelled();
        });
        await done;
        expect(done.cancel()).toBe(false);
        expect([stubborn.cancel("first"), stubborn.cancel("second")]).toEqual([true, true]);
        expect(((await errorOf(stubborn)) as Error).cause).toBe("first");
        expect(stubborn.cancel()).toBe(false);
      }),
    );
    await settle();
    expect([timers(), reports]).toEqual([0, []]);
  });

  it("ME-6 a failure of the member while it is cancelled takes the group down, as any other (ME-7)", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup({ memberCancel: true }, async (group) => {
          const task = group.createTask(({ sleep }) => sleep(10).catch(() => Promise.reject(new Error("rollback"))));
          await group.sleep(1);
          task.cancel();
          await group.sleep(1000);
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("rollback")]);
  });

  it("ME-6 the instruments don't hear of an ignored cancel", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const seen: string[] = [];
    addInstrument({
      onIgnoredCancel: ({ name }) => void seen.push(`ignored ${name}`),
      onCancel: ({ name }) => void seen.push(`cancel ${name}`),
    });
    await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10), { name: "t" });
        await group.sleep(1);
        task.cancel();
      }),
    );
    expect(seen).toEqual(["cancel t"]);
  });
});

describe("ME-7 members that don't end cancelled", () => {
  it("ME-7 a member that swallows its cancellation and returns a value is done with that value", async () => {
    const { run, taskGroup } = virtualRuntime();
    let task!: Task<string>;
    await run(() =>
      taskGroup(async (group) => {
        task = group.createTask(({ sleep }) =>
          sleep(10).then(
            () => "slept",
            () => "swallowed",
          ),
        );
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect([task.state, task.result(), await task]).toEqual(["done", "swallowed", "swallowed"]);
  });

  it.each([new Error("rollback"), undefined, null, 0, ""])(
    "ME-7 (c.2 #7) one that throws another error while being cancelled has failed with it: %s",
    async (thrown) => {
      const { run, taskGroup } = virtualRuntime();
      let task!: Task<void>;
      const error = await errorOf(
        run(() =>
          taskGroup(async (group) => {
            task = group.createTask(({ sleep }) =>
              sleep(10).catch(() => {
                throw thrown;
              }),
            );
            await group.sleep(1);
            group.cancel();
          }),
        ),
      );
      expect([task.state, (error as ExceptionGroup).errors]).toEqual(["failed", [thrown]]);
    },
  );

  it("ME-7 an error that merely has the cancellation as its cause is a failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.createTask(({ sleep }) =>
            sleep(10).catch((cause: unknown) => {
              throw new RangeError("rollback", { cause });
            }),
          );
          await group.sleep(1);
          group.cancel();
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([expect.any(RangeError)]);
  });
});

describe("ME-11 somebody else's cancellation is a failure like any other", () => {
  it("ME-11 a CancelledError of another task that reaches a member fails the member", async () => {
    const { run, taskGroup, detach } = virtualRuntime();
    let member!: Task<void>;
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          const other = detach(({ sleep }) => sleep(1000));
          member = group.createTask(async () => {
            other.cancel();
            await other;
          });
        }),
      ),
    );
    expect(member.state).toBe("failed");
    expect((error as ExceptionGroup).errors).toEqual([expect.any(CancelledError)]);
    expect((error as ExceptionGroup).failures[0]?.task?.name).toBe(member.name);
  });

  it("ME-11 one that reaches the body fails the body and cancels the members", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const thrown: unknown[] = [];
    const error = await errorOf(
      run(() =>
        taskGroup({ memberCancel: true }, async (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          const task = group.createTask(({ sleep }) => sleep(1000));
          await group.sleep(1);
          task.cancel();
          thrown.push(await errorOf(task));
          await task;
        }),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors[0]).toBe(thrown[0]);
    expect((error as ExceptionGroup).failures.map(({ task }) => task)).toEqual([undefined]);
    expect(now()).toBe(1);
  });

  it("ME-11 an AbortError that nobody's cancellation of this scope explains is a failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const abort = new DOMException("aborted", "AbortError");
    const error = await errorOf(run(() => taskGroup((group) => void group.createTask(() => Promise.reject(abort)))));
    expect((error as ExceptionGroup).errors).toEqual([abort]);
  });
});
