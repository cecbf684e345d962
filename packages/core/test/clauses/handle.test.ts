import { CancelledError, InvalidStateError, type Scope, type Task } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

const falsy = [undefined, null, 0, "", false, Number.NaN] as const;

describe("ME-1 the handle", () => {
  it("ME-1 goes through pending, running and done", async () => {
    const { run, taskGroup } = virtualRuntime();
    const states = await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10));
        const before = task.state;
        await group.sleep(1);
        const during = task.state;
        await task;
        return [before, during, task.state];
      }),
    );
    expect(states).toEqual(["pending", "running", "done"]);
  });

  it("ME-1 ends failed or cancelled otherwise", async () => {
    const { run, taskGroup } = virtualRuntime();
    const tasks: Task<unknown>[] = [];
    await errorOf(
      run(() =>
        taskGroup((group) => {
          tasks.push(group.createTask(() => Promise.reject(new Error("boom"))));
          tasks.push(group.createTask(({ sleep }) => sleep(10)));
        }),
      ),
    );
    expect(tasks.map(({ state }) => state)).toEqual(["failed", "cancelled"]);
  });

  it("ME-1 has a name, an id and a path, and is tagged as a Task", async () => {
    const { run, taskGroup } = virtualRuntime();
    const task = await run(async () => {
      const tasks: Task<number>[] = [];
      await taskGroup({ name: "jobs" }, (group) => void tasks.push(group.createTask(() => 1, { name: "fetch" })));
      return tasks;
    });
    expect(task[0]?.name).toBe("fetch");
    expect(task[0]?.path).toEqual(["jobs", "fetch"]);
    expect(task[0]?.id).toBeTypeOf("number");
    expect(Object.prototype.toString.call(task[0])).toBe("[object Task]");
  });

  it("ME-1 result() on an unfinished task throws InvalidStateError", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10));
        expect(() => task.result()).toThrow(InvalidStateError);
        await group.sleep(1);
        expect(() => task.result()).toThrow(InvalidStateError);
        await task;
        expect(task.result()).toBeUndefined();
      }),
    );
  });

  it.each(falsy)("ME-1 a value of %s comes out of await, result() and settled() as it is", async (value) => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => value);
        expect(task.settled()).toBeUndefined();
        expect(await task).toBe(value);
        expect(task.result()).toBe(value);
        expect(task.settled()).toEqual({ status: "fulfilled", value });
      }),
    );
  });

  it.each([...falsy, "text", new Error("boom")])(
    "ME-1 an error of %s comes out of await, result() and settled()",
    async (thrown) => {
      const { run, taskGroup } = virtualRuntime();
      let task!: Task<never>;
      await errorOf(run(() => taskGroup((group) => void (task = group.createTask(() => Promise.reject(thrown))))));
      expect(task.state).toBe("failed");
      expect(await outcomeOf(task)).toEqual({ error: thrown });
      expect(task.settled()).toEqual({ status: "rejected", reason: thrown });
      let seen: unknown = "nothing";
      try {
        task.result();
      } catch (error) {
        seen = error;
      }
      expect(seen).toBe(thrown);
    },
  );

  it("ME-1 settled() is undefined until the end", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10));
        expect(task.settled()).toBeUndefined();
        await group.sleep(9);
        expect(task.settled()).toBeUndefined();
      }),
    );
  });

  it("ME-1 awaiting a cancelled handle rejects with the reason, and result() throws a CancelledError as it is", async () => {
    const { run, taskGroup } = virtualRuntime();
    let task!: Task<void>;
    let reason: unknown;
    await run(() =>
      taskGroup(async (group) => {
        task = group.createTask(({ sleep }) => sleep(10));
        await group.sleep(1);
        group.cancel();
        reason = group.reason;
      }),
    );
    expect(reason).toBeInstanceOf(CancelledError);
    expect(await errorOf(task)).toBe(reason);
    expect(() => task.result()).toThrow(reason as Error);
    expect(task.settled()).toEqual({ status: "rejected", reason });
  });

  it.each([null, undefined, "outside", new Error("outside")])(
    "ME-1 a handle cancelled by the outside reason %s rejects with it, and result() throws a CancelledError caused by it",
    async (outside) => {
      const { run, taskGroup } = virtualRuntime();
      const controller = new AbortController();
      let task!: Task<void>;
      const outcome = await outcomeOf(
        run(() =>
          taskGroup({ signal: controller.signal }, async (group) => {
            task = group.createTask(({ sleep }) => sleep(10));
            await group.sleep(1);
            controller.abort(outside);
          }),
        ),
      );
      const { reason } = controller.signal;
      expect(outcome).toEqual({ error: reason });
      expect(await outcomeOf(task)).toEqual({ error: reason });
      const thrown = await errorOf(Promise.resolve().then(() => task.result()));
      expect(thrown).toBeInstanceOf(CancelledError);
      expect((thrown as Error).cause).toBe(reason);
    },
  );

  it("ME-1 a member that ends by an AbortError of its own is cancelled with its scope's reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    let task!: Task<void>;
    let reason: unknown;
    await run(() =>
      taskGroup(async (group) => {
        task = group.createTask(({ sleep }) =>
          sleep(10).catch(() => {
            throw Object.assign(new Error("aborted"), { name: "AbortError" });
          }),
        );
        await group.sleep(1);
        group.cancel();
        reason = group.reason;
      }),
    );
    expect(task.state).toBe("cancelled");
    expect(await errorOf(task)).toBe(reason);
  });

  it("ME-1 then, catch and finally work like a promise's", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: unknown[] = [];
    await errorOf(
      run(() =>
        taskGroup({ failFast: false }, async (group) => {
          const good = group.createTask(() => 1);
          const bad = group.createTask(() => Promise.reject("no"));
          seen.push(await good.then((value) => value + 1));
          seen.push(await good.then());
          seen.push(await good.finally(() => seen.push("finally")));
          seen.push(await good.catch(() => "never"));
          seen.push(await bad.catch((error: unknown) => [error]));
          seen.push(
            await bad.then(
              () => "never",
              (error: unknown) => ({ error }),
            ),
          );
          seen.push(await errorOf(bad.finally(() => 5)));
          seen.push(await Promise.all([good, good]), (await Promise.allSettled([bad]))[0]?.status);
        }),
      ),
    );
    expect(seen).toEqual([2, 1, "finally", 1, 1, ["no"], { error: "no" }, "no", [1, 1], "rejected"]);
  });

  it("ME-1 a body that returns a handle gives the member's value: a handle doesn't travel through a promise", async () => {
    const { run, taskGroup } = virtualRuntime();
    expect(await run(() => taskGroup((group) => group.createTask(() => 7)))).toBe(7);
    expect(await run(() => taskGroup(async (group) => group.createTask(async () => 8)))).toBe(8);
  });
});

describe("ME-1 (ER-6) a handle that floats raises no unhandled rejection", () => {
  const chains: readonly (readonly [string, (task: Task<never>) => unknown])[] = [
    ["is never awaited", () => {}],
    ["then() without handlers", (task) => task.then()],
    ["then(ok)", (task) => task.then(() => 1)],
    ["then(ok, null)", (task) => task.then(() => 1, null)],
    ["catch() without a handler", (task) => task.catch()],
    [
      "catch() that rethrows",
      (task) =>
        task.catch((error) => {
          throw error;
        }),
    ],
    ["finally()", (task) => task.finally(() => {})],
    ["finally(undefined)", (task) => task.finally()],
  ];
  it.each(chains)("ME-1 (ER-6) %s", async (_, chain) => {
    const { run, taskGroup } = virtualRuntime();
    for (const thrown of [new Error("boom"), undefined]) {
      const seen = await unhandledDuring(() =>
        outcomeOf(run(() => taskGroup((group) => void chain(group.createTask(() => Promise.reject(thrown)))))),
      );
      expect(seen).toEqual([]);
    }
  });

  it("ME-1 (ER-6) a handler's own error stays an unhandled rejection: no group reports it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const own = new Error("in the handler");
    const fail = (): never => {
      throw own;
    };
    const seen = await unhandledDuring(() =>
      outcomeOf(
        run(() =>
          taskGroup((group) => {
            void group.createTask(() => 1).then(fail);
            void group.createTask(() => Promise.reject(new Error("boom"))).catch(fail);
          }),
        ),
      ),
    );
    expect(seen).toEqual([own, own]);
  });
});

describe("ME-1 the scope that fn gets is not the handle", () => {
  const names = ["sleep", "abortable", "onCancel", "isCancelled", "throwIfCancelled", "isCancellation"] as const;
  const runners = ["taskGroup", "openTaskGroup", "failAfter", "failAt", "moveOnAfter", "shield"] as const;

  const throughAPromise = async <T>(value: T): Promise<T> => value;

  it("ME-1 it is not thenable: an async function may return it and pass it through await", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const same = await group.createTask(async (scope) => {
          expect("then" in scope).toBe(false);
          expect(await throughAPromise(scope)).toBe(scope);
          return scope;
        });
        expect(same.isCancelled()).toBe(false);
        expect("then" in group).toBe(false);
        expect(await throughAPromise(group)).toBe(group);
      }),
    );
  });

  it("ME-1 everything on it works destructured", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "outer" }, async (group) => {
        await group.createTask(
          async ({ signal, name, path, id, reason, isCancelled, throwIfCancelled, isCancellation, ...rest }) => {
            expect(rest).toEqual({}); // nothing is own: what follows comes by destructuring alone
            expect([signal.aborted, name, path, typeof id, reason]).toEqual([
              false,
              "t",
              ["outer", "t"],
              "number",
              undefined,
            ]);
            expect([isCancelled(), throwIfCancelled(), isCancellation(new Error("no"))]).toEqual([
              false,
              undefined,
              false,
            ]);
          },
          { name: "t" },
        );
        await group.createTask(
          async ({ sleep, abortable, onCancel, taskGroup: nested, openTaskGroup, ...deadlines }) => {
            await sleep(5);
            expect(await abortable(Promise.resolve(1))).toBe(1);
            onCancel(() => {})();
            expect(await nested(() => 2)).toBe(2);
            await openTaskGroup().join();
            expect(deadlines).toEqual({});
          },
        );
        await group.createTask(async ({ failAfter, failAt, moveOnAfter, shield }) => {
          expect(await failAfter(5, ({ when, expired, reschedule }) => [when, expired, reschedule(9)])).toEqual([
            10,
            false,
            undefined,
          ]);
          expect(await failAt(99, () => 4)).toBe(4);
          expect(await moveOnAfter(5, () => 5)).toEqual({ timedOut: false, value: 5 });
          expect(await shield(({ outer: { isCancelled } }) => isCancelled())).toBe(false);
        });
        const { createTask, start, cancel, idle, size, tasks, defer, use } = group;
        createTask(({ sleep }) => sleep(5));
        expect(await start((_, started: (value: number) => void) => started(6))).toBe(6);
        await idle();
        expect([size, [...tasks]]).toEqual([0, []]);
        defer(() => {});
        use({ [Symbol.dispose]() {} });
        cancel();
      }),
    );
    expect(now()).toBe(10);
  });

  it("ME-3 it has what the clause lists, for members and groups, deadlines and shields alike", async () => {
    const { run, taskGroup } = virtualRuntime();
    const check = (scope: Scope): void => {
      for (const name of [...names, ...runners]) expect(scope[name], name).toBeTypeOf("function");
      expect([typeof scope.name, scope.signal.aborted]).toEqual(["string", false]);
    };
    await run(() =>
      taskGroup(async (group) => {
        check(group);
        await group.createTask(check);
        await group.failAfter(10, check);
        await group.shield(check);
        await group.moveOnAfter(10, check);
      }),
    );
  });
});
