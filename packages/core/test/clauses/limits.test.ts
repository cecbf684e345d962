import type { ExceptionGroup, Task, TaskScope } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

/** Counts how many run at once. */
function gauge() {
  const counts = { running: 0, most: 0 };
  const work =
    (ms: number) =>
    async ({ sleep }: TaskScope) => {
      counts.most = Math.max(counts.most, ++counts.running);
      try {
        await sleep(ms);
      } finally {
        counts.running--;
      }
    };
  return { counts, work };
}

describe.each([
  ["one async context", false],
  ["async contexts that may differ", true],
])("LI-1 a limit (%s)", (_, mayHaveContext) => {
  const runtime = () => virtualRuntime({ mayHaveContext: () => mayHaveContext });

  it.each([1, 2, 3, 10, 1000])("LI-1 with limit: %i at most so many run, and so many do", async (limit) => {
    const { run, taskGroup } = runtime();
    const { counts, work } = gauge();
    await run(() =>
      taskGroup({ limit }, (group) => {
        for (let n = 0; n < 1000; n++) group.createTask(work(n % 7));
      }),
    );
    expect(counts).toEqual({ running: 0, most: limit });
  });

  it("LI-1 the rest wait as pending, in FIFO order", async () => {
    const { run, taskGroup, now } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 2 }, async (group) => {
        const tasks = ["a", "b", "c", "d", "e"].map((name) =>
          group.createTask(({ sleep }) => (order.push(`${name} at ${now()}`), sleep(name === "a" ? 30 : 10))),
        );
        await group.sleep(5);
        expect(tasks.map(({ state }) => state)).toEqual(["running", "running", "pending", "pending", "pending"]);
        expect(group.size).toBe(5);
      }),
    );
    expect(order).toEqual(["a at 0", "b at 0", "c at 10", "d at 20", "e at 30"]);
  });

  it("LI-1 without a limit, or with Infinity, all run at once", async () => {
    for (const options of [{}, { limit: undefined }, { limit: Infinity }]) {
      const { run, taskGroup } = runtime();
      const { counts, work } = gauge();
      await run(() =>
        taskGroup(options, (group) => {
          for (let n = 0; n < 100; n++) group.createTask(work(1));
        }),
      );
      expect(counts.most).toBe(100);
    }
  });

  it("LI-1 a failing group never starts those that wait", async () => {
    const { run, taskGroup, now } = runtime();
    const fn = vi.fn();
    const tasks: Task<void>[] = [];
    const error = await errorOf(
      run(() =>
        taskGroup({ limit: 1 }, (group) => {
          group.createTask(async ({ sleep }) => {
            await sleep(5);
            throw new Error("boom");
          });
          for (let n = 0; n < 100; n++) tasks.push(group.createTask(fn));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("boom")]);
    expect(fn).not.toHaveBeenCalled();
    expect([new Set(tasks.map(({ state }) => state)), now()]).toEqual([new Set(["cancelled"]), 5]);
  });

  it("LI-1 c.2 #18 whoever waits for a slot and is cancelled doesn't hide the real error", async () => {
    const { run, taskGroup } = runtime();
    const seen: unknown[] = [];
    let reason: unknown;
    const error = await errorOf(
      run(() =>
        taskGroup({ limit: 1 }, async (group) => {
          const bad = group.createTask(({ sleep }) => sleep(5).then(() => Promise.reject(new Error("real"))));
          const queued = group.createTask(() => {});
          seen.push(await errorOf(queued), await errorOf(bad));
          ({ reason } = group);
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("real")]);
    expect(seen).toEqual([reason, new Error("real")]);
    expect((reason as Error).cause).toEqual(new Error("real"));
  });

  it("LI-1 c.2 #19 a slot freed to a waiter can't be stolen by an eager newcomer", async () => {
    const { run, taskGroup } = runtime();
    const { counts, work } = gauge();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, (group) => {
        const first = group.createTask(work(10));
        const then = (name: string) => (scope: TaskScope) => (order.push(name), work(10)(scope));
        group.createTask(then("waiter"));
        // Runs in the very step that frees the slot, and once more right after it.
        void first.then(() => {
          group.createTask(then("thief"), { eager: true });
          void Promise.resolve().then(() => group.createTask(then("second thief"), { eager: true }));
        });
      }),
    );
    expect(order).toEqual(["waiter", "thief", "second thief"]);
    expect(counts.most).toBe(1);
  });

  it("LI-1 c.2 #20 many members submitted at once, group cancelled before slots are free: no deadlock", async () => {
    const { run, taskGroup, now } = runtime();
    const { counts, work } = gauge();
    const tasks: Task<void>[] = [];
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ limit: 2 }, async (group) => {
          for (let n = 0; n < 1000; n++) tasks.push(group.createTask(work(1000)));
          await group.sleep(1);
          group.cancel();
          await tasks[999];
        }),
      ),
    );
    expect(outcome).toEqual({ value: undefined });
    expect([counts.most, now(), tasks.filter(({ state }) => state !== "cancelled")]).toEqual([2, 1, []]);
  });

  it("LI-1 a slot is given back only when the function has really ended", async () => {
    const { run, taskGroup, sleep, now } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1, memberCancel: true }, async (group) => {
        const stubborn = group.createTask(async () => {
          await sleep(50);
          order.push(`stubborn ends at ${now()}`);
        });
        group.createTask(() => void order.push(`next starts at ${now()}`));
        await group.sleep(5);
        stubborn.cancel();
      }),
    );
    expect(order).toEqual(["stubborn ends at 50", "next starts at 50"]);
  });

  it("LI-1 a slot is held until the blocks that the function left open have ended", async () => {
    const { run, taskGroup, now } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, (group) => {
        group.createTask((task) => {
          void task.taskGroup(({ sleep }) => sleep(50));
          order.push("returned");
        });
        group.createTask(() => void order.push(`next starts at ${now()}`));
      }),
    );
    expect(order).toEqual(["returned", "next starts at 50"]);
  });

  it("LI-1 each way to end gives the slot back", async () => {
    const { run, taskGroup } = runtime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1, onFailure: () => {} }, (group) => {
        const say = (name: string): number => order.push(name);
        group.createTask(() => void say("value"));
        group.createTask(() => {
          say("throw");
          throw new Error("sync");
        });
        group.createTask(() => (say("reject"), Promise.reject(undefined)));
        group.createTask(async ({ sleep }) => (say("sleep"), await sleep(1)));
        group.createTask(() => void say("last"));
      }),
    );
    expect(order).toEqual(["value", "throw", "reject", "sleep", "last"]);
  });

  it("LI-1 nested groups have limits of their own", async () => {
    const { run, taskGroup } = runtime();
    const inner = gauge();
    const outer = gauge();
    await run(() =>
      taskGroup({ limit: 2 }, (group) => {
        for (let n = 0; n < 4; n++) {
          group.createTask(async (task) => {
            outer.counts.most = Math.max(outer.counts.most, ++outer.counts.running);
            await task.taskGroup({ limit: 3 }, (nested) => {
              for (let m = 0; m < 5; m++) nested.createTask(inner.work(m));
            });
            outer.counts.running--;
          });
        }
      }),
    );
    expect([outer.counts, inner.counts]).toEqual([
      { running: 0, most: 2 },
      { running: 0, most: 6 },
    ]);
  });

  it("LI-1 a member that ends frees one slot, though its last step creates members", async () => {
    const { run, taskGroup } = runtime();
    const { counts, work } = gauge();
    let depth = 0;
    await run(() =>
      taskGroup({ limit: 3 }, (group) => {
        const fork = async (scope: TaskScope): Promise<void> => {
          await work(1)(scope);
          if (++depth > 60) return;
          group.createTask(fork, { eager: depth % 2 === 0 });
          group.createTask(work(2));
        };
        group.createTask(fork);
        group.createTask(fork);
      }),
    );
    expect(counts).toEqual({ running: 0, most: 3 });
  });

  it("LI-1 never more than `limit` run, everybody runs, and the group never leaves before all have ended (property)", async () => {
    const member = fc.record({
      ms: fc.nat(5),
      eager: fc.boolean(),
      pause: fc.nat(3),
      fails: fc.boolean(),
      children: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (plan, limit) => {
        const { run, taskGroup } = runtime();
        const { counts, work } = gauge();
        let [started, expected] = [0, 0];
        await run(() =>
          taskGroup({ limit, onFailure: () => {} }, async (group) => {
            for (const { ms, eager, pause, fails, children } of plan) {
              expected += 1 + children;
              group.createTask(
                async (scope) => {
                  started++;
                  for (let n = 0; n < children; n++)
                    group.createTask((child) => (started++, work(ms)(child)), { eager });
                  await work(ms)(scope);
                  if (fails) throw new Error("boom");
                },
                { eager },
              );
              if (pause > 0) await group.sleep(pause - 1);
            }
          }),
        );
        expect(counts.running).toBe(0);
        expect(counts.most).toBeLessThanOrEqual(limit);
        expect(started).toBe(expected);
      }),
    );
  });

  it("LI-1 whenever it is cancelled, the group never leaves before all members have ended, and starts nobody after (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.nat(20), stubborn: fc.nat(20), eager: fc.boolean() }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(25),
        async (plan, limit, when) => {
          const { run, taskGroup, sleep } = runtime();
          let [running, lateStarts, cancelled] = [0, 0, false];
          const tasks: Task<void>[] = [];
          await run(() =>
            taskGroup({ limit }, async (group) => {
              for (const { ms, stubborn, eager } of plan) {
                tasks.push(
                  group.createTask(
                    async (scope) => {
                      running++;
                      if (cancelled) lateStarts++;
                      try {
                        await scope.sleep(ms);
                      } finally {
                        await sleep(stubborn);
                        running--;
                      }
                    },
                    { eager },
                  ),
                );
              }
              await group.sleep(when);
              cancelled = true;
              group.cancel();
            }),
          );
          expect([running, lateStarts]).toEqual([0, 0]);
          expect(tasks.every((task) => task.settled() !== undefined)).toBe(true);
        },
      ),
    );
  });
});
