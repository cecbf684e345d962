import { CancelledError, ExceptionGroup, InvalidStateError, type Task, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

describe("ME-12 background members don't keep the group open", () => {
  it("ME-12 when the body and all foreground members are done, they are cancelled", async () => {
    const { run, taskGroup, now, reports } = virtualRuntime();
    let beat = 0;
    const tasks: Task<unknown>[] = [];
    const value = await run(() =>
      taskGroup(async (group) => {
        tasks.push(
          group.createTask(
            async ({ sleep }) => {
              for (;;) {
                await sleep(10);
                beat++;
              }
            },
            { background: true },
          ),
        );
        tasks.push(group.createTask(({ sleep }) => sleep(45)));
        await group.sleep(20);
        return "value";
      }),
    );
    expect([value, beat, now(), tasks.map(({ state }) => state), reports]).toEqual([
      "value",
      4,
      45,
      ["cancelled", "done"],
      [],
    ]);
    expect(await errorOf(tasks[0] as Task<unknown>)).toBeInstanceOf(CancelledError);
  });

  it("ME-12 also when the body is the last to be done", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1000), { background: true });
        await group.sleep(20);
      }),
    );
    expect(now()).toBe(20);
  });

  it("ME-12 with nothing but background members the group shuts down at once", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const tasks: Task<void>[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let n = 0; n < 3; n++) tasks.push(group.createTask(({ sleep }) => sleep(1000), { background: true }));
      }),
    );
    expect([tasks.map(({ state }) => state), now()]).toEqual([["cancelled", "cancelled", "cancelled"], 0]);
  });

  it("ME-12 c.2 #23 they are awaited after the cancellation: the block waits for their cleanup", async () => {
    const { run, taskGroup, sleep, now, inspectTasks } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.defer(() => void order.push("cleanup of the group"));
        group.createTask(
          async (task) => {
            try {
              await task.sleep(1000);
            } finally {
              await sleep(30);
              order.push("background ended");
            }
          },
          { background: true },
        );
        await group.sleep(10);
      }),
    );
    order.push("block settled");
    expect(order).toEqual(["background ended", "cleanup of the group", "block settled"]);
    expect([now(), inspectTasks()]).toEqual([40, []]);
  });

  it("ME-12 a nested block that somebody left open keeps the group open, and background members with it", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let seen = 0;
    await run(() =>
      taskGroup((group) => {
        void group.taskGroup(({ sleep }) => sleep(50));
        group.createTask(
          async ({ sleep }) => {
            for (;;) await sleep(10).then(() => seen++);
          },
          { background: true },
        );
      }),
    );
    expect([now(), seen]).toEqual([50, 4]);
  });

  it("ME-12 while it shuts down LC-4 applies: newcomers are cancelled and never called", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fn = vi.fn();
    const states: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(
          async ({ sleep }) => {
            await sleep(1000).catch(() => {});
            states.push(group.createTask(fn).state, group.createTask(fn, { background: true }).state);
          },
          { background: true },
        );
        await group.sleep(1);
      }),
    );
    expect(states).toEqual(["cancelled", "cancelled"]);
    expect(fn).not.toHaveBeenCalled();
  });

  it("ME-12 a background member may add foreground members while the group is open, and they keep it open", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let child!: Task<void>;
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(
          async ({ sleep }) => {
            await sleep(5);
            child = group.createTask((task) => task.sleep(50));
            await sleep(1000);
          },
          { background: true },
        );
        await group.sleep(10);
      }),
    );
    expect([child.state, now()]).toEqual(["done", 55]);
  });

  it("ME-12 one that ends by itself before is done, and the group goes on", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(() => "warmed up", { background: true });
        await group.sleep(10);
        return task.result();
      }),
    );
    expect([value, now()]).toEqual(["warmed up", 10]);
  });
});

describe("ME-12 failures and cancellations of background members", () => {
  it("ME-12 their failure is a failure of the group and cancels the others", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.createTask(
            async ({ sleep }) => {
              await sleep(10);
              throw new Error("heartbeat lost");
            },
            { background: true, name: "heartbeat" },
          );
          group.createTask(({ sleep }) => sleep(1000));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("heartbeat lost")]);
    expect((error as ExceptionGroup).failures[0]?.task?.name).toBe("heartbeat");
    expect(now()).toBe(10);
  });

  it("ME-12 a failure while they are cancelled at the end is a failure of the group, too", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(undefined)), { background: true });
          await group.sleep(1);
          return "value";
        }),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([undefined]);
  });

  it("ME-12 an outside cancellation while they drain still comes out", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const controller = new AbortController();
    const outcome = await outcomeOf(
      run(() => {
        void sleep(20).then(() => controller.abort("outside"));
        return taskGroup({ signal: controller.signal }, async (group) => {
          group.createTask(() => sleep(100), { background: true });
          await group.sleep(1);
          return "value";
        });
      }),
    );
    expect(outcome).toEqual({ error: "outside" });
  });

  it("ME-12 a deadline that passes while they drain is no TimeoutError: body and foreground members were done", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ timeout: 10 }, async (group) => {
          group.createTask(() => sleep(100), { background: true });
          await group.sleep(1);
          return "value";
        }),
      ),
    );
    expect(outcome).toEqual({ value: "value" });
  });

  it("ME-12 a deadline that ends nobody but background members is no TimeoutError (OUT-4)", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    let task!: Task<void>;
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ timeout: 10 }, async (group) => {
          task = group.createTask(({ sleep: nap }) => nap(1000), { background: true });
          await sleep(50);
          return "value";
        }),
      ),
    );
    expect([outcome, task.state]).toEqual([{ value: "value" }, "cancelled"]);
  });

  it("ME-12 a deadline that cuts the body short cancels them as well", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let task!: Task<void>;
    const error = await errorOf(
      run(() =>
        taskGroup({ timeout: 10 }, async (group) => {
          task = group.createTask(({ sleep }) => sleep(1000), { background: true });
          await group.sleep(500);
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect([task.state, now()]).toEqual(["cancelled", 10]);
  });
});

describe("ME-12 background members count apart", () => {
  it("ME-12 they take no slot of the group's limit", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        for (const name of ["x", "y"]) {
          group.createTask(({ sleep }) => (order.push(name), sleep(1000)), { background: true });
        }
        group.createTask(({ sleep }) => (order.push("a"), sleep(10)));
        group.createTask(({ sleep }) => (order.push("b"), sleep(10)));
        group.createTask(({ sleep }) => (order.push("z"), sleep(1000)), { background: true });
        await group.sleep(1);
        expect(order).toEqual(["x", "y", "a", "z"]);
        const eager = group.createTask(({ sleep }) => sleep(1000), { background: true, eager: true });
        expect(eager.state).toBe("running");
      }),
    );
    expect([order, now()]).toEqual([["x", "y", "a", "z", "b"], 20]);
  });

  it("ME-12 one that ends gives no slot back that it never had", async () => {
    const { run, taskGroup } = virtualRuntime();
    let [running, most] = [0, 0];
    await run(() =>
      taskGroup({ limit: 2 }, (group) => {
        for (let n = 0; n < 5; n++) group.createTask(() => {}, { background: true });
        for (let n = 0; n < 6; n++) {
          group.createTask(async ({ sleep }) => {
            most = Math.max(most, ++running);
            await sleep(5);
            running--;
          });
        }
      }),
    );
    expect(most).toBe(2);
  });

  it("ME-12 idle() and size count foreground members only", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1000), { background: true });
        expect(group.size).toBe(0);
        await group.idle();
        expect(now()).toBe(0);
        group.createTask(({ sleep }) => sleep(10));
        expect(group.size).toBe(1);
        await group.idle();
        expect([now(), group.size, [...group.tasks].length]).toEqual([10, 0, 1]);
      }),
    );
  });
});

describe("ME-12 returning a background handle", () => {
  it("ME-12 a body that returns a background member's handle directly is an InvalidStateError", async () => {
    const { run, taskGroup } = virtualRuntime();
    let task!: Task<void>;
    const error = await errorOf(
      run(() =>
        taskGroup(
          (group) => (task = group.createTask(({ sleep }) => sleep(1000), { background: true, name: "daemon" })),
        ),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([expect.any(InvalidStateError)]);
    expect(((error as ExceptionGroup).errors[0] as Error).message).toContain("daemon");
    expect(task.state).toBe("cancelled");
  });

  it("ME-12 a foreground handle, or a background handle of another group, is waited for", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const hold = gate();
    const value = await run(() =>
      taskGroup(async (outer) => {
        const daemon = outer.createTask(({ sleep }) => sleep(10).then(() => "ready"), { background: true });
        const got = await outer.taskGroup(() => daemon);
        hold.open();
        return [got, await outer.taskGroup((inner) => inner.createTask(() => hold.promise.then(() => "foreground")))];
      }),
    );
    expect([value, now()]).toEqual([["ready", "foreground"], 10]);
  });

  it("ME-12 a hundred thousand of them end in the time that they take, not in its square", async () => {
    const { run, taskGroup } = virtualRuntime();
    let ended = 0;
    await run(() =>
      taskGroup(async (group) => {
        for (let n = 0; n < 100_000; n++)
          group.createTask(({ sleep }) => sleep(1000).catch(() => void ended++), { background: true });
        await group.sleep(1);
      }),
    );
    expect(ended).toBe(100_000);
  });
});
