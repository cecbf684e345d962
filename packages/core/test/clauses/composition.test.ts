import { ExceptionGroup, onlyError, type Scope, type Task, type TaskGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("CO-1 nested groups", () => {
  it("CO-1 scope.taskGroup is cancelled with its parent, by the parent's reason", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const reasons: unknown[] = [];
    let parentReason: unknown;
    await run(() =>
      taskGroup(async (group) => {
        group.createTask((task) =>
          task.taskGroup((inner) => {
            for (const scope of [task, inner]) scope.onCancel((reason) => void reasons.push(reason));
            inner.createTask((member) => {
              member.onCancel((reason) => void reasons.push(reason));
              return member.sleep(1000);
            });
          }),
        );
        await group.sleep(10);
        group.cancel();
        parentReason = group.reason;
      }),
    );
    expect(now()).toBe(10);
    expect(reasons).toEqual([parentReason, parentReason, parentReason]);
  });

  it("CO-1 its members are drained before the parent's block settles", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.createTask((task) =>
          task.taskGroup((inner) => {
            inner.createTask(({ sleep: nap }) =>
              linger(nap(1000), () => sleep(20).then(() => order.push("inner member"))),
            );
          }),
        );
        await group.sleep(1);
        group.cancel();
      }),
    );
    order.push("settled");
    expect(order).toEqual(["inner member", "settled"]);
  });

  it("CO-1 a cancelled inner group is no failure of the outer one", async () => {
    const { run, taskGroup } = virtualRuntime();
    let task!: Task<void>;
    const outcome = await outcomeOf(
      run(() =>
        taskGroup(async (group) => {
          task = group.createTask((scope) => scope.taskGroup(({ sleep }) => sleep(1000)));
          await group.sleep(1);
          group.cancel();
          return "value";
        }),
      ),
    );
    expect([outcome, task.state]).toEqual([{ value: "value" }, "cancelled"]);
  });

  it("CO-1 (test_taskgroup_14) an inner failure that isn't caught is one failure of the outer: a group inside the group", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup({ name: "outer" }, (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          group.createTask(
            (task) =>
              task.taskGroup({ name: "inner" }, (inner) => {
                inner.createTask(() => Promise.reject("a"));
                inner.createTask(() => Promise.reject("b"));
              }),
            { name: "t" },
          );
        }),
      ),
    );
    const outer = error as ExceptionGroup;
    const inner = outer.errors[0] as ExceptionGroup;
    expect([outer.message, outer.errors.length, outer.failures[0]?.task?.name]).toEqual([
      'unhandled errors in TaskGroup "outer" (1 sub-exception)',
      1,
      "t",
    ]);
    expect(inner).toBeInstanceOf(ExceptionGroup);
    expect([inner.message, inner.errors]).toEqual([
      'unhandled errors in TaskGroup "inner" (2 sub-exceptions)',
      ["a", "b"],
    ]);
    expect(inner.failures[0]?.task?.path.slice(0, 3)).toEqual(["outer", "t", "inner"]);
    expect(now()).toBe(0);
  });

  it("CO-1 an inner group that the body opened fails as the body", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          await group.taskGroup((inner) => void inner.createTask(() => Promise.reject(new Error("inner"))));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([expect.any(ExceptionGroup)]);
    expect((error as ExceptionGroup).failures[0]?.task).toBeUndefined();
    expect(onlyError(error)).toEqual(new Error("inner"));
  });

  it("CO-1 an inner failure that is caught leaves the outer group alone", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(20));
        const error = await errorOf(
          group.taskGroup((inner) => void inner.createTask(() => Promise.reject(new Error("inner")))),
        );
        expect(group.isCancelled()).toBe(false);
        await group.sleep(5);
        return onlyError(error);
      }),
    );
    expect([value, now()]).toEqual([new Error("inner"), 20]);
  });

  it("CO-1 (test_taskgroup_11, _12) inner members that fail in their cleanup on an outside cancel: a group in a group", async () => {
    for (const withSibling of [false, true]) {
      const { run, taskGroup, sleep } = virtualRuntime();
      const controller = new AbortController();
      const error = await errorOf(
        run(() => {
          void sleep(10).then(() => controller.abort("outside"));
          return taskGroup({ signal: controller.signal }, async (outer) => {
            if (withSibling) outer.createTask((task) => task.sleep(1000));
            await outer.taskGroup((inner) => {
              for (const name of ["a", "b"]) {
                inner.createTask((task) => task.sleep(1000).catch(() => Promise.reject(name)));
              }
            });
          });
        }),
      );
      expect(((error as ExceptionGroup).errors[0] as ExceptionGroup).errors).toEqual(["a", "b"]);
      expect([(error as ExceptionGroup).errors.length, (error as ExceptionGroup).cause]).toEqual([1, "outside"]);
    }
  });

  it("CO-1 (test_taskgroup_13) an outer member that fails while the inner group runs: the inner one is silent", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (outer) => {
          outer.createTask((task) => task.sleep(10).then(() => Promise.reject(new RangeError("outer"))));
          await outer.taskGroup((inner) => void inner.createTask((task) => task.sleep(1000)));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new RangeError("outer")]);
    expect(now()).toBe(10);
  });

  it("CO-1 both fail in one go: the outer group holds the outer error and the inner group", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const hold = gate();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => hold.open());
        return taskGroup(async (outer) => {
          outer.createTask(() => hold.promise.then(() => Promise.reject("outer")));
          await outer.taskGroup((inner) => {
            inner.createTask(() => hold.promise.then(() => Promise.reject("inner")));
          });
        });
      }),
    );
    const [first, second] = (error as ExceptionGroup).errors;
    expect(first).toBe("outer");
    expect((second as ExceptionGroup).errors).toEqual(["inner"]);
  });

  it("CO-1 cancel() of an inner group reaches neither its parent nor the siblings of its owner", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const states: unknown[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const sibling = group.createTask(({ sleep }) => sleep(20));
        states.push(
          await group.taskGroup(async (inner) => {
            inner.cancel();
            await inner.sleep(1000);
          }),
        );
        states.push(group.isCancelled(), sibling.settled());
      }),
    );
    expect([states, now()]).toEqual([[undefined, false, undefined], 20]);
  });

  it("CO-1 outer.cancel() from within the inner group ends both, without an error", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    const value = await run(() =>
      taskGroup(async (outer) => {
        await outer.taskGroup(async (inner) => {
          outer.cancel();
          await inner.sleep(1000);
        });
        order.push("not reached");
      }),
    );
    expect([value, order, now()]).toEqual([undefined, [], 0]);
  });

  it("CO-1 a nested group that nobody awaits is waited for all the same, and its failure surfaces as its promise's", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const boom = new Error("boom");
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          void group.taskGroup(
            (inner) => void inner.createTask(({ sleep }) => sleep(30).then(() => Promise.reject(boom))),
          );
        }),
      ),
    );
    expect(now()).toBe(30);
    expect(seen.map(onlyError)).toEqual([boom]);
  });

  it("CO-1 100 levels deep: one cancel reaches the innermost, one failure comes out of the outermost", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const nest = (
      scope: Pick<Scope, "taskGroup">,
      depth: number,
      leaf: (group: TaskGroup) => unknown,
    ): Promise<unknown> =>
      scope.taskGroup((group) =>
        depth === 0 ? leaf(group) : void group.createTask((task) => nest(task, depth - 1, leaf)),
      );
    const error = await errorOf(run(() => nest({ taskGroup }, 100, () => Promise.reject(new Error("deep")))));
    expect(onlyError(error)).toEqual(new Error("deep"));
    await run(() =>
      taskGroup(async (group) => {
        group.createTask((task) => nest(task, 100, ({ sleep }) => sleep(1000)));
        await group.sleep(10);
        group.cancel();
      }),
    );
    expect(now()).toBe(10);
  });
});
