import { AsyncLocalStorage } from "node:async_hooks";
import { type ExceptionGroup, InvalidStateError, type RuntimeAdapter, type Task, type TaskInfo } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";
import { unhandledDuring } from "./unhandled.ts";

/** A runtime that knows in which task it is, as a host's does. */
function contextRuntime(overrides: Partial<RuntimeAdapter> = {}) {
  const storage = new AsyncLocalStorage<TaskInfo>();
  return virtualRuntime({
    mayHaveContext: () => true,
    contextStorage: { run: (task, fn) => storage.run(task, fn), current: () => storage.getStore() },
    ...overrides,
  });
}

describe("ME-10 a task that awaits itself", () => {
  it("ME-10 is an InvalidStateError where currentTask() exists, not a deadlock", async () => {
    const { run, taskGroup } = contextRuntime();
    let task!: Task<unknown>;
    const error = await errorOf(
      run(() => taskGroup((group) => void (task = group.createTask(async () => await task)))),
    );
    expect(task.state).toBe("failed");
    expect((error as ExceptionGroup).errors).toEqual([expect.any(InvalidStateError)]);
  });

  it("ME-10 also after other awaits, and through then, catch, finally and Promise.all", async () => {
    const waits: ((task: Task<unknown>) => PromiseLike<unknown>)[] = [
      (task) => task.then(),
      (task) => task.catch(),
      (task) => task.finally(() => {}),
      (task) => Promise.all([task]),
    ];
    for (const wait of waits) {
      const { run, taskGroup } = contextRuntime();
      let task!: Task<unknown>;
      const outcome = await outcomeOf(
        run(() =>
          taskGroup(
            (group) =>
              void (task = group.createTask(async ({ sleep }) => {
                await sleep(1);
                await wait(task);
              })),
          ),
        ),
      );
      expect(outcome).toMatchObject({ error: { errors: [expect.any(InvalidStateError)] } });
    }
  });

  it("ME-10 also by returning its own handle from a function that isn't async", async () => {
    const { run, taskGroup } = contextRuntime();
    let task!: Task<unknown>;
    const error = await errorOf(run(() => taskGroup((group) => void (task = group.createTask((): unknown => task)))));
    expect((error as ExceptionGroup).errors).toEqual([expect.any(InvalidStateError)]);
  });

  it("ME-10 somebody else may await the task, a member inside of it too once it can end", async () => {
    const { run, taskGroup, currentTask } = contextRuntime();
    const seen = await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10).then(() => currentTask()?.name), { name: "t" });
        const sibling = group.createTask(() => task, { name: "sibling" });
        return [await task, await sibling, currentTask()];
      }),
    );
    expect(seen).toEqual(["t", "t", undefined]);
  });

  it("ME-10 without currentTask() nobody can tell: it waits until the group is cancelled", async () => {
    const { run, taskGroup } = virtualRuntime();
    const hold = gate();
    let task!: Task<unknown>;
    await run(() =>
      taskGroup(async (group) => {
        task = group.createTask((scope) => scope.abortable(task));
        await group.sleep(1);
        expect(task.state).toBe("running");
        hold.open();
        group.cancel();
      }),
    );
    expect(task.state).toBe("cancelled");
  });

  it("ME-10 a member that catches it raises no unhandled rejection", async () => {
    const { run, taskGroup } = contextRuntime();
    let task!: Task<unknown>;
    const seen = await unhandledDuring(() =>
      run(() => taskGroup((group) => void (task = group.createTask(async () => await outcomeOf(task))))),
    );
    expect(seen).toEqual([]);
    expect(task.result()).toMatchObject({ error: expect.any(InvalidStateError) });
  });
});

describe("ME-14 fn runs in the async context of its createTask call", () => {
  const where = new AsyncLocalStorage<string>();
  const here = (): string => where.getStore() ?? "nowhere";
  const runtimes = [
    ["of a host without currentTask()", () => virtualRuntime({ mayHaveContext: () => true })],
    ["of a host with currentTask()", () => contextRuntime()],
    [
      "of an adapter that doesn't say whether contexts differ",
      () => virtualRuntime({ mayHaveContext: undefined as never }),
    ],
  ] as const;

  it.each(runtimes)("ME-14 %s: members of one group, created in different contexts in one go", async (_, make) => {
    const { run, taskGroup } = make();
    const seen = await run(() =>
      taskGroup(async (group) => {
        const tasks = ["a", "b", "c"].map((name) => where.run(name, () => group.createTask(async () => here())));
        tasks.push(group.createTask(async () => here()));
        return [await tasks[0], await tasks[1], await tasks[2], await tasks[3], here()];
      }),
    );
    expect(seen).toEqual(["a", "b", "c", "nowhere", "nowhere"]);
  });

  it.each(runtimes)("ME-14 %s: after awaits too", async (_, make) => {
    const { run, taskGroup } = make();
    const seen = await run(() =>
      taskGroup(async (group) => {
        const task = where.run("a", () => group.createTask(({ sleep }) => sleep(10).then(here)));
        return [await task, here()];
      }),
    );
    expect(seen).toEqual(["a", "nowhere"]);
  });

  it.each(runtimes)("ME-14 %s: whoever frees the slot", async (_, make) => {
    const { run, taskGroup } = make();
    const seen: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        const holds = ["x", "y"].map(() => gate());
        for (const [n, hold] of holds.entries()) {
          where.run(`first ${n}`, () => group.createTask(() => hold.promise.then(() => void seen.push(here()))));
          where.run(`second ${n}`, () => group.createTask(() => void seen.push(here())));
        }
        await group.sleep(1);
        where.run("freer", () => holds[0]?.open());
        await where.run("drainer", () => group.sleep(1));
        where.run("freer", () => holds[1]?.open());
      }),
    );
    expect(seen).toEqual(["first 0", "second 0", "first 1", "second 1"]);
  });

  it.each(runtimes)("ME-14 %s: eager members, members of members, start() and background", async (_, make) => {
    const { run, taskGroup } = make();
    const seen: string[] = [];
    const look = (): void => void seen.push(here());
    await run(() =>
      taskGroup({ limit: 2 }, async (group) => {
        where.run("eager", () => group.createTask(look, { eager: true }));
        where.run("outer", () => group.createTask(() => void group.createTask(look)));
        where.run("background", () => group.createTask(look, { background: true }));
        await where.run("start", () =>
          group.start((__, started: () => void) => {
            look();
            started();
          }),
        );
      }),
    );
    expect(seen.sort()).toEqual(["background", "eager", "outer", "start"]);
  });

  it.each(runtimes)("ME-14 %s: any members, any limit (property)", async (_, make) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.nat(3), eager: fc.boolean(), background: fc.boolean(), pause: fc.boolean() }), {
          maxLength: 15,
        }),
        fc.integer({ min: 1, max: 4 }),
        async (plan, limit) => {
          const { run, taskGroup } = make();
          const wrong: string[] = [];
          const check = (name: string): void => {
            if (here() !== name) wrong.push(`${name} ran in ${here()}`);
          };
          let ran = 0;
          await run(() =>
            taskGroup({ limit }, async (group) => {
              for (const [n, { ms, pause, ...options }] of plan.entries()) {
                where.run(`${n}`, () =>
                  group.createTask(async () => {
                    ran++;
                    check(`${n}`);
                    await group.sleep(ms);
                    check(`${n}`);
                  }, options),
                );
                if (pause) await group.sleep(1);
              }
              await group.idle();
              await group.sleep(5);
            }),
          );
          expect(wrong).toEqual([]);
          expect(ran).toBe(plan.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("ME-14 currentTask() in a member is that member, whoever started it", async () => {
    const { run, taskGroup, currentTask } = contextRuntime();
    const seen: unknown[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, (group) => {
        for (const name of ["a", "b", "c"]) {
          group.createTask(
            async ({ sleep }) => {
              await sleep(1);
              seen.push(currentTask()?.name);
            },
            { name },
          );
        }
      }),
    );
    expect(seen).toEqual(["a", "b", "c"]);
  });
});
