import { CancelledError, type ExceptionGroup, onlyError, type TaskGroup, type TaskGroupOptions } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

type Way = readonly [
  name: string,
  options: (signal: AbortSignal) => TaskGroupOptions,
  shutDown: (group: TaskGroup, controller: AbortController) => void,
];

/** Each way to shut a group down; the deadline comes by itself. */
const ways: readonly Way[] = [
  ["a failure", () => ({}), (group) => void group.createTask(() => Promise.reject(new Error("boom")))],
  ["an outside cancellation", (signal) => ({ signal }), (_group, controller) => controller.abort("outside")],
  ["an outside cancellation by null", (signal) => ({ signal }), (_group, controller) => controller.abort(null)],
  ["a deadline", () => ({ timeout: 5 }), () => {}],
  ["group.cancel()", () => ({}), (group) => group.cancel("enough")],
];

/** Opens a group whose body holds it open, shuts it down, and gives it to `look` while it drains. */
async function whileShuttingDown(
  [, options, shutDown]: Way,
  look: (group: TaskGroup, runtime: ReturnType<typeof virtualRuntime>) => Promise<void>,
): Promise<void> {
  const runtime = virtualRuntime();
  const controller = new AbortController();
  await runtime.run(async () => {
    const hold = gate();
    let group!: TaskGroup;
    const block = outcomeOf(
      runtime.taskGroup(options(controller.signal), (scope) => {
        group = scope;
        return hold.promise;
      }),
    );
    await runtime.sleep(1);
    shutDown(group, controller);
    await runtime.sleep(10);
    expect(group.isCancelled()).toBe(true);
    await look(group, runtime);
    hold.open();
    await block;
  });
}

describe("LC-4 a group that is shutting down takes nobody in", () => {
  it.each(ways)("LC-4 after %s createTask never calls the function and gives a cancelled task", async (...way) => {
    const fn = vi.fn();
    await whileShuttingDown(way, async (group, { sleep }) => {
      for (const options of [undefined, { eager: true }, { background: true }]) {
        expect(group.createTask(fn, options).state).toBe("cancelled");
      }
      await sleep(10);
      expect([group.size, [...group.tasks]]).toEqual([0, []]);
    });
    expect(fn).not.toHaveBeenCalled();
  });

  it.each(ways)("LC-4 after %s awaiting the newcomer rejects with the group's reason", async (...way) => {
    await whileShuttingDown(way, async (group) => {
      const task = group.createTask(() => {});
      expect(await errorOf(task)).toBe(group.reason);
      expect(task.settled()).toEqual({ status: "rejected", reason: group.reason });
      expect(() => task.result()).toThrow(CancelledError);
    });
  });

  it.each(ways)("LC-4 after %s instruments see the newcomer, and never see it start", async (...way) => {
    const seen: string[] = [];
    await whileShuttingDown(way, async (group, { addInstrument, sleep }) => {
      using _ = addInstrument({
        onTaskCreate: ({ name }, owner) => seen.push(`create ${name} in ${owner?.name}`),
        onDeadOnArrival: ({ name }) => seen.push(`dead ${name}`),
        onTaskStart: ({ name }) => seen.push(`start ${name}`),
      }) as Disposable;
      await sleep(1);
      group.createTask(() => {}, { name: "late" });
      await sleep(1);
      expect(seen).toEqual([`create late in ${group.name}`, "dead late"]);
    });
  });

  it.each(ways)(
    "LC-4 after %s start() rejects with the group's reason and never calls the function",
    async (...way) => {
      const fn = vi.fn();
      await whileShuttingDown(way, async (group) => {
        expect(await errorOf(group.start(fn))).toBe(group.reason);
      });
      expect(fn).not.toHaveBeenCalled();
    },
  );

  it("LC-4 a failing body shuts the group down for members that still create tasks", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fn = vi.fn();
    const states: string[] = [];
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.createTask(async ({ sleep }) => {
            try {
              await sleep(100);
            } finally {
              states.push(group.createTask(fn).state);
            }
          });
          await group.sleep(1);
          throw new Error("body");
        }),
      ),
    );
    expect(onlyError(error)).toEqual(new Error("body"));
    expect(states).toEqual(["cancelled"]);
    expect(fn).not.toHaveBeenCalled();
  });

  it("LC-4 (test_taskgroup_no_create_task_after_failure) a member that spawns while it is cancelled ends cancelled, not failed", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.createTask(async ({ sleep }) => {
            try {
              await sleep(100);
            } catch {
              await group.createTask(() => {});
            }
          });
          group.createTask(() => Promise.reject(new Error("boom")));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("boom")]);
  });

  it("LC-4 a body that spawns in a loop comes out as cancelled, not as failed", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const controller = new AbortController();
    const reason = new Error("client gone");
    const error = await errorOf(
      run(() => {
        void sleep(5).then(() => controller.abort(reason));
        return taskGroup({ signal: controller.signal }, async (group) => {
          for (;;) {
            const task = group.createTask((scope) => scope.sleep(2));
            await task;
          }
        });
      }),
    );
    expect(error).toBe(reason);
  });

  it("LC-4 a connection handler that spawns at that moment doesn't throw, in cancel callbacks neither", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const fn = vi.fn();
    const states: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.onCancel(() => void states.push(group.createTask(fn).state));
        group.createTask((task) => {
          task.onCancel(() => void states.push(group.createTask(fn, { eager: true }).state));
          return task.sleep(100);
        });
        group.createTask(fn, { name: "not started yet" });
        await group.sleep(1);
        fn.mockClear();
        group.cancel();
      }),
    );
    expect(states).toEqual(["cancelled", "cancelled"]);
    expect(fn).not.toHaveBeenCalled();
    expect(reports).toEqual([]);
  });

  it("LC-4 a cleanup that creates a task gets a cancelled one, also in a group that nobody cancelled", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fn = vi.fn();
    const seen: unknown[] = [];
    await run(() =>
      taskGroup((group) => {
        group.defer(async () => {
          const task = group.createTask(fn);
          seen.push(task.state, await errorOf(task));
        });
      }),
    );
    expect(seen).toEqual(["cancelled", expect.any(CancelledError)]);
    expect(fn).not.toHaveBeenCalled();
  });

  it("LC-4 a newcomer that an instrument shut the group down for is cancelled with the group's reason", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const fn = vi.fn();
    const [state, error, reason] = await run(async () => {
      let seen: unknown[] = [];
      await taskGroup(async (group) => {
        addInstrument({ onTaskCreate: () => group.cancel("too many") });
        const task = group.createTask(fn);
        seen = [task.state, await errorOf(task), group.reason];
      });
      return seen;
    });
    expect(state).toBe("cancelled");
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toBe(reason);
    expect(fn).not.toHaveBeenCalled();
  });
});
