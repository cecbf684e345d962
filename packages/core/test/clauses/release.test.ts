import { AsyncLocalStorage } from "node:async_hooks";
import type { Task, TaskGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";

describe("LC-6 a finished member leaves the live set at once", () => {
  it("LC-6 (test_taskgroup_23) the set never grows with dead tasks", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        for (let n = 0; n < 1000; n++) {
          await group.createTask(() => n);
          expect(group.size).toBe(0);
        }
        expect([...group.tasks]).toEqual([]);
      }),
    );
  });

  it.each([
    ["is done", () => {}],
    ["has been cancelled", (scope: { sleep(ms: number): Promise<void> }) => scope.sleep(100)],
    ["has failed", () => Promise.reject(new Error("boom"))],
  ] as const)(
    "LC-6 a member that %s is out of `size`, `tasks` and the tree when its awaiter goes on",
    async (_, fn) => {
      const { run, taskGroup, inspectTasks } = virtualRuntime();
      await run(() =>
        taskGroup({ onFailure: () => {}, memberCancel: true }, async (group) => {
          const keeper = group.createTask(({ sleep }) => sleep(50), { name: "keeper" });
          const task = group.createTask(fn);
          expect([...group.tasks].map(({ name }) => name)).toEqual(["keeper", task.name]);
          await group.sleep(1);
          task.cancel();
          await outcomeOf(task);
          expect(group.size).toBe(1);
          expect([...group.tasks]).toEqual([keeper]);
          expect(inspectTasks()[0]?.children.map(({ name }) => name)).toEqual(["keeper"]);
        }),
      );
      expect(inspectTasks()).toEqual([]);
    },
  );

  it("LC-6 1000 members that end in any order leave the rest in the order of creation", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const ms = (n: number): number => (n * 7919) % 1000;
        for (let n = 0; n < 1000; n++) group.createTask(({ sleep }) => sleep(ms(n)), { name: `${n}` });
        await group.sleep(499.5);
        const left = Array.from({ length: 1000 }, (_, n) => n).filter((n) => ms(n) > 499.5);
        expect(group.size).toBe(left.length);
        expect([...group.tasks].map(({ name }) => Number(name))).toEqual(left);
      }),
    );
  });
});

describe("LC-7 a group that is done keeps nothing of its members", () => {
  /** Runs a group and gives back what was kept of it, with a weak reference to what must not be kept. */
  type Kept = { readonly group: TaskGroup; readonly ref: WeakRef<object> };

  it("LC-7 it keeps no member's function", async () => {
    const { run, taskGroup } = virtualRuntime();
    const once = async (): Promise<Kept & { task: Task<void> }> => {
      let group!: TaskGroup;
      let task!: Task<void>;
      const captured = { big: "object" };
      await run(() =>
        taskGroup((scope) => {
          group = scope;
          task = scope.createTask(() => void captured.big.at(0));
        }),
      );
      return { group, task, ref: new WeakRef(captured) };
    };
    const { group, task, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect([group.size, task.state]).toEqual([0, "done"]);
  });

  it("LC-7 it keeps no function of a member that never started", async () => {
    const { run, taskGroup } = virtualRuntime();
    const once = async (): Promise<Kept & { tasks: Task<void>[] }> => {
      let group!: TaskGroup;
      const captured = { big: "object" };
      const tasks: Task<void>[] = [];
      await run(() =>
        taskGroup({ limit: 1 }, async (scope) => {
          group = scope;
          scope.createTask(({ sleep }) => sleep(100));
          tasks.push(scope.createTask(() => void captured.big.at(0)));
          await scope.sleep(1);
          scope.cancel();
          // V8 keeps the frames of an error, with their variables, until somebody reads its stack.
          expect((scope.reason as Error).stack).toBeTypeOf("string");
          tasks.push(scope.createTask(() => void captured.big.at(0)));
        }),
      );
      return { group, tasks, ref: new WeakRef(captured) };
    };
    const { group, tasks, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect([group.size, tasks.map(({ state }) => state)]).toEqual([0, ["cancelled", "cancelled"]]);
  });

  it("LC-7 it keeps no member's async context", async () => {
    const { run, taskGroup } = virtualRuntime({ mayHaveContext: () => true });
    const storage = new AsyncLocalStorage<object>();
    const once = async (): Promise<Kept & { tasks: Task<object | undefined>[] }> => {
      let group!: TaskGroup;
      const tasks: Task<object | undefined>[] = [];
      const context = { user: "ada" };
      const seen: boolean[] = [];
      await run(() =>
        taskGroup({ limit: 1 }, (scope) => {
          group = scope;
          const look = (): undefined => void seen.push(storage.getStore() === context);
          for (let n = 0; n < 3; n++) tasks.push(storage.run(context, () => scope.createTask(look)));
        }),
      );
      expect(seen).toEqual([true, true, true]);
      return { group, tasks, ref: new WeakRef(context) };
    };
    const { group, tasks, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect([group.size, tasks.length]).toEqual([0, 3]);
  });

  it.each([
    ["", {}],
    [" with limit: 1", { limit: 1 }],
  ] as const)("LC-7 it keeps no member's error%s", async (_, options) => {
    const { run, taskGroup } = virtualRuntime();
    const once = async (): Promise<Kept> => {
      let group!: TaskGroup;
      const error = new Error("boom");
      await errorOf(
        run(() =>
          taskGroup({ ...options, failFast: false }, (scope) => {
            group = scope;
            scope.createTask(() => {});
            scope.createTask(() => Promise.reject(error));
          }),
        ),
      );
      return { group, ref: new WeakRef(error) };
    };
    const { group, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect(group.size).toBe(0);
  });

  it("LC-7 it keeps no error of its body", async () => {
    const { run, taskGroup } = virtualRuntime();
    const once = async (): Promise<Kept> => {
      let group!: TaskGroup;
      const error = new Error("boom");
      await errorOf(
        run(() =>
          taskGroup(async (scope) => {
            group = scope;
            scope.cancel(); // so that the body's error isn't the reason, which the user may still ask for
            expect((scope.reason as Error).stack).toBeTypeOf("string");
            throw error;
          }),
        ),
      );
      return { group, ref: new WeakRef(error) };
    };
    const { group, ref } = await once();
    expect(await isCollected(ref)).toBe(true);
    expect(group.size).toBe(0);
  });

  it("LC-7 (test_exception_refcycles) a caught error holds no reference back to the group, its members or their scopes", async () => {
    const { run, taskGroup } = virtualRuntime();
    const once = async (): Promise<{ error: unknown; refs: WeakRef<object>[] }> => {
      const refs: WeakRef<object>[] = [];
      const boom = new Error("boom");
      const error = await errorOf(
        run(() =>
          taskGroup((group) => {
            group.onCancel((reason) => expect((reason as Error).stack).toBeTypeOf("string"));
            refs.push(new WeakRef(group));
            const stay = group.createTask((scope) => {
              refs.push(new WeakRef(scope));
              return scope.sleep(100);
            });
            const fail = group.createTask((scope) =>
              scope.taskGroup((inner) => {
                refs.push(new WeakRef(scope), new WeakRef(inner));
                inner.onCancel((reason) => expect((reason as Error).stack).toBeTypeOf("string"));
                inner.createTask(() => Promise.reject(boom));
              }),
            );
            refs.push(new WeakRef(stay), new WeakRef(fail));
          }),
        ),
      );
      return { error, refs };
    };
    const { error, refs } = await once();
    expect(refs).toHaveLength(6);
    for (const ref of refs) expect(await isCollected(ref)).toBe(true);
    expect(error).toBeInstanceOf(AggregateError);
  });
});
