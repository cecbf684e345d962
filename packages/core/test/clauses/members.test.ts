import { CancelledError, type ExceptionGroup, type Task, type TaskGroup, type TaskScope } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

describe.each([
  ["one async context", false],
  ["async contexts that may differ", true],
])("ME-2 members start later (%s)", (_, mayHaveContext) => {
  const runtime = () => virtualRuntime({ mayHaveContext: () => mayHaveContext });

  it("ME-2 members start in creation order on a microtask after the current synchronous code", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        for (const name of ["a", "b", "c"]) group.createTask(() => void order.push(name));
        order.push("body");
      }),
    );
    expect(order).toEqual(["body", "a", "b", "c"]);
  });

  it("ME-2 it is a microtask, not a turn of the host's loop", async () => {
    const { taskGroup } = runtime();
    const order: string[] = [];
    const block = taskGroup((group) => void group.createTask(() => void order.push("member")));
    await Promise.resolve();
    await Promise.resolve();
    order.push("two microtasks later");
    await block;
    expect(order).toEqual(["member", "two microtasks later"]);
  });

  it("ME-2 eager: true starts inside createTask", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        const task = group.createTask(() => void order.push("eager"), { eager: true });
        order.push("body", task.state);
      }),
    );
    expect(order).toEqual(["eager", "body", "running"]);
  });

  it("ME-2 an eager member doesn't overtake members that were created before it and haven't started", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.createTask(() => void order.push("first"));
        group.createTask(() => void order.push("eager"), { eager: true });
        group.createTask(() => void order.push("last"));
        order.push("body");
      }),
    );
    expect(order).toEqual(["body", "first", "eager", "last"]);
  });

  it("ME-2 an eager member that a starting member creates doesn't overtake the rest of the batch", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.createTask(() => {
          order.push("first");
          group.createTask(() => void order.push("eager"), { eager: true });
        });
        group.createTask(() => void order.push("second"));
      }),
    );
    expect(order).toEqual(["first", "second", "eager"]);
  });

  it("ME-2 an eager member without a free slot waits in FIFO order like the rest", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, (group) => {
        const work =
          (name: string) =>
          async ({ sleep }: TaskScope) => {
            order.push(name);
            await sleep(1);
          };
        group.createTask(work("a"), { eager: true });
        group.createTask(work("b"), { eager: true });
        group.createTask(work("c"));
        group.createTask(work("d"), { eager: true });
        order.push("body");
      }),
    );
    expect(order).toEqual(["a", "body", "b", "c", "d"]);
  });

  it("ME-2 whatever is created when, members start in the order of their creation (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.nat(3), eager: fc.boolean(), pause: fc.boolean() }), { maxLength: 20 }),
        fc.option(fc.integer({ min: 1, max: 4 })),
        async (plan, limit) => {
          const { run, taskGroup } = runtime();
          const started: number[] = [];
          await run(() =>
            taskGroup({ limit: limit ?? Infinity }, async (group) => {
              for (const [n, { ms, eager, pause }] of plan.entries()) {
                group.createTask(({ sleep }) => (started.push(n), sleep(ms)), { eager });
                if (pause) await group.sleep(1);
              }
            }),
          );
          expect(started).toEqual(plan.map((__, n) => n));
        },
      ),
    );
  });

  it("ME-2 a member that has not started when the group shuts down never runs", async () => {
    const { run, taskGroup } = runtime();
    const ran: string[] = [];
    const tasks: Task<void>[] = [];
    await run(() =>
      taskGroup((group) => {
        for (const name of ["a", "b"]) tasks.push(group.createTask(() => void ran.push(name)));
        group.cancel();
      }),
    );
    expect([ran, tasks.map(({ state }) => state)]).toEqual([[], ["cancelled", "cancelled"]]);
  });

  it("ME-2 a member that is waiting for a slot when the group fails never runs", async () => {
    const { run, taskGroup } = runtime();
    const ran: string[] = [];
    await errorOf(
      run(() =>
        taskGroup({ limit: 1 }, (group) => {
          group.createTask(async ({ sleep }) => {
            await sleep(1);
            throw new Error("boom");
          });
          for (const name of ["a", "b"]) group.createTask(() => void ran.push(name));
        }),
      ),
    );
    expect(ran).toEqual([]);
  });

  it("ME-2 (test_taskgroup_10) a body that fails before its first wait starts nobody", async () => {
    const bodies: (() => never | Promise<never>)[] = [
      () => {
        throw new Error("body");
      },
      () => Promise.reject(new Error("body")),
      async () => {
        throw new Error("body");
      },
    ];
    for (const body of bodies) {
      const { run, taskGroup } = runtime();
      const ran: string[] = [];
      const error = await errorOf(
        run(() =>
          taskGroup((group) => {
            group.createTask(() => void ran.push("member"));
            return body();
          }),
        ),
      );
      expect([ran, (error as ExceptionGroup).errors]).toEqual([[], [new Error("body")]]);
    }
  });

  it("ME-2 a member whose sibling in the same batch cancels the group synchronously never runs", async () => {
    const { run, taskGroup } = runtime();
    const ran: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.createTask(() => group.cancel());
        group.createTask(() => void ran.push("second"));
      }),
    );
    expect(ran).toEqual([]);
  });

  it("ME-2 c.2 #5 an eager member that cancels the group before its first await is cancelled too", async () => {
    const { run, taskGroup, now } = runtime();
    let task!: Task<void>;
    await run(() =>
      taskGroup((group) => {
        task = group.createTask(
          async ({ sleep }) => {
            group.cancel();
            await sleep(1000);
          },
          { eager: true },
        );
      }),
    );
    expect([task.state, now()]).toEqual(["cancelled", 0]);
  });

  it("ME-2 1000 members, eager in eager, all run", async () => {
    const { run, taskGroup } = runtime();
    let depth = 0;
    await run(() =>
      taskGroup((group) => {
        const dig = (): void => {
          if (++depth < 1000) group.createTask(dig, { eager: true });
        };
        group.createTask(dig, { eager: true });
        expect(depth).toBe(1000);
      }),
    );
    expect(depth).toBe(1000);
  });

  it("ME-4 a synchronous throw reaches the group in a later microtask, after the batch of starts it belongs to", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.onCancel(() => void order.push("cancelled"));
          group.createTask(() => {
            order.push("first");
            throw new Error("sync");
          });
          group.createTask(({ sleep }) => (order.push("second"), sleep(10)));
          group.createTask(({ sleep }) => (order.push("third"), sleep(10)));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("sync")]);
    expect(order).toEqual(["first", "second", "third", "cancelled"]);
  });

  it("ME-4 c.2 #4 an eager synchronous throw isn't createTask's: the group learns of it later, once", async () => {
    const { run, taskGroup } = runtime();
    const after = gate<unknown>();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          const task = group.createTask(
            () => {
              throw new Error("sync");
            },
            { eager: true },
          );
          expect([task.state, group.isCancelled()]).toEqual(["running", false]);
          const next = group.createTask(({ sleep }) => sleep(10));
          expect(next.state).toBe("pending");
          after.open(await errorOf(group.sleep(10)));
          throw await after.promise;
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("sync")]);
    expect(await after.promise).toBeInstanceOf(CancelledError);
  });

  it("ME-4 c.2 #3 an eager member that creates a failing eager member is cancelled, without a deadlock", async () => {
    const { run, taskGroup, now } = runtime();
    let outer!: Task<void>;
    const error = await errorOf(
      run(() =>
        taskGroup((group: TaskGroup) => {
          outer = group.createTask(
            async ({ sleep }) => {
              group.createTask(() => Promise.reject(new Error("inner")), { eager: true });
              await sleep(1000);
            },
            { eager: true },
          );
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("inner")]);
    expect([outer.state, now()]).toEqual(["cancelled", 0]);
  });
});
