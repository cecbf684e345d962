import { runtime, sleep, taskGroup } from "@cohort/node";
import {
  DeadlockError,
  explore,
  type ExploreKit,
  LeakError,
  NondeterminismError,
  ScheduleError,
} from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

/** Some tasks of some steps each; its value is the order in which the steps settled. */
const tasksOfSteps =
  (tasks: readonly string[], steps: number) =>
  async ({ taskGroup: group, step }: ExploreKit): Promise<string> => {
    let log = "";
    await group(({ createTask }) => {
      for (const name of tasks)
        createTask(
          async (task) => {
            for (let n = 0; n < steps; n++) {
              await step(task);
              log += name;
            }
          },
          { name },
        );
    });
    return log;
  };

async function scheduleErrorOf(exploring: Promise<unknown>): Promise<ScheduleError> {
  const error = await outcomeOf(exploring);
  expect(error).toBeInstanceOf(ScheduleError);
  return error as ScheduleError;
}

describe("explore() runs a program in every order", () => {
  it("two tasks of two steps have six", async () => {
    const { schedules, isComplete, outcomes } = await explore(tasksOfSteps(["a", "b"], 2), () => {});
    expect([schedules, isComplete]).toEqual([6, true]);
    const orders = ["aabb", "abab", "abba", "baab", "baba", "bbaa"];
    expect(new Map(outcomes)).toEqual(new Map(orders.map((log) => [`"${log}"`, 1])));
  });

  it("three tasks of three steps have 1,680", async () => {
    const { schedules, outcomes } = await explore(tasksOfSteps(["a", "b", "c"], 3), () => {});
    expect([schedules, outcomes.size]).toEqual([1680, 1680]);
  });

  it("with sameTurn, also those in which several settle at once", async () => {
    // Ordered set partitions, by block sizes: 2 + 2 ways through two singles, and one way for each order within one turn.
    const { schedules } = await explore(tasksOfSteps(["a", "b"], 1), () => {}, { sameTurn: true });
    expect(schedules).toBe(4);
  });

  it("timers of one moment in each order, and none before an earlier one", async () => {
    const { outcomes } = await explore(
      async ({ taskGroup: group }) => {
        let log = "";
        await group(({ createTask }) => {
          for (const [name, ms] of [["a", 10] as const, ["b", 10] as const, ["c", 20] as const])
            createTask(async (task) => {
              await task.sleep(ms);
              log += name;
            });
        });
        return log;
      },
      () => {},
    );
    expect([...outcomes.keys()]).toEqual(['"abc"', '"bac"']);
  });

  it("a deadline before and after each step that it races with", async () => {
    const { outcomes } = await explore(
      async ({ moveOnAfter, step }) => {
        let done = 0;
        const { timedOut } = await moveOnAfter(100, async (scope) => {
          for (; done < 3; done++) await step(scope);
        });
        return { done, timedOut };
      },
      ({ done, timedOut }) => expect(timedOut).toBe(done < 3),
    );
    expect(outcomes.size).toBe(4);
  });

  it("a report about stragglers on the way is no order of its own, and hides none", async () => {
    const slow = await explore(
      ({ taskGroup: group }) =>
        group((body) => {
          body.createTask((task) => task.shield((shield) => shield.sleep(10_000)), { eager: true });
          body.cancel();
        }),
      () => {},
    );
    expect(slow.schedules).toBe(1);
    const deaf = await explore(
      ({ taskGroup: group, step }) =>
        group({ grace: 10, abandonAfter: 50 }, (body) => {
          body.createTask(() => step(null, "deaf"), { eager: true });
          body.cancel();
        }).then(
          () => "drained",
          (error: Error) => error.name,
        ),
      () => {},
      { limit: 10 },
    ).catch((error: ScheduleError) => error);
    // The abandoned step is a leak, which is the second order's.
    expect(deaf).toBeInstanceOf(ScheduleError);
    expect((deaf as ScheduleError).schedule).toEqual(["time 50"]);
  });

  it("with sameTurn, what the turn has cancelled is no longer offered, and no time passes within", async () => {
    const { schedules, outcomes } = await explore(
      async ({ moveOnAfter, step, clock }) => {
        const { timedOut } = await moveOnAfter(10, (scope) => step(scope, "work"));
        return { timedOut, at: clock.elapsed };
      },
      () => {},
      { sameTurn: true },
    );
    // The work alone, the deadline alone, and the work in the very turn of the deadline, too late.
    expect([schedules, [...outcomes.keys()]]).toEqual([3, ['{"timedOut":false,"at":0}', '{"timedOut":true,"at":10}']]);
  });

  it("jitter is the same each time", async () => {
    await explore(
      async ({ openBackgroundTasks, sleep: pause }) => {
        const services = openBackgroundTasks();
        let runs = 0;
        const restart = { on: "failure", delay: 100, jitter: true } as const;
        const service = async (): Promise<void> => {
          if (++runs < 5) throw new Error("again");
        };
        await services.add(service, { name: "service", onError: () => {}, restart });
        await pause(1);
        await services.shutdown();
      },
      () => {},
    );
  });

  it("on the runtime that the code under test imports", async () => {
    const { outcomes } = await explore(
      async ({ step }) => {
        let winner = "";
        await taskGroup(({ createTask }) => {
          for (const name of ["a", "b"])
            createTask(async (task) => {
              await step(task);
              await sleep(1000);
              winner ||= name;
            });
        });
        return winner;
      },
      () => {},
      { runtime },
    );
    expect([...outcomes.keys()]).toEqual(['"a"', '"b"']);
  });
});

describe("explore() reports what broke", () => {
  it("with the order that broke it, which can be run again", async () => {
    const program = tasksOfSteps(["a", "b"], 2);
    const notBaab = (log: string): void => expect(log).not.toBe("baab");
    const error = await scheduleErrorOf(explore(program, notBaab));
    expect(error.schedule).toEqual(["b", "a", "a#2", "b#2"]);
    expect(error.message).toContain('explore(program, check, { schedule: ["b","a","a#2","b#2"] })');
    expect(error.message).toContain(
      "0 ms  start            TaskGroup-2 > a\n0 ms  start            TaskGroup-2 > b\n0 ms  mark             b settles",
    );
    expect(error.cause).toMatchObject({ name: "AssertionError" });

    const again = await scheduleErrorOf(explore(program, notBaab, { schedule: error.schedule }));
    expect(again.schedule).toEqual(error.schedule);
    const other = await explore(program, notBaab, { schedule: ["a", "a#2", "b", "b#2"] });
    expect(other).toMatchObject({ schedules: 1, isComplete: false });
  });

  it("in one turn, too", async () => {
    const program = tasksOfSteps(["a", "b"], 1);
    let runs = 0;
    const fourth = (): void => expect(++runs).not.toBe(4);
    const { schedule } = await scheduleErrorOf(explore(program, fourth, { sameTurn: true }));
    expect(schedule).toEqual([["b", "a"]]);
    await explore(program, () => {}, { schedule, sameTurn: true });
  });

  it("a program that throws", async () => {
    const boom = new Error("boom");
    const program = async ({ step }: ExploreKit): Promise<void> => {
      await step(null);
      throw boom;
    };
    const error = await scheduleErrorOf(explore(program, () => {}));
    expect([error.cause, error.schedule]).toEqual([boom, ["step"]]);
  });

  it("a deadlock", async () => {
    const { cause, schedule } = await scheduleErrorOf(
      explore(
        async ({ taskGroup: group, step }) => {
          let opened = false;
          await group(({ createTask, abortable }) => {
            createTask(async (task) => {
              await step(task, "open");
              opened = true;
            });
            createTask(async (task) => {
              await step(task, "look");
              if (!opened) await abortable(new Promise(() => {}));
            });
          });
        },
        () => {},
      ),
    );
    expect(cause).toBeInstanceOf(DeadlockError);
    expect(schedule).toEqual(["look", "open"]);
  });

  it("what is left behind", async () => {
    const { cause } = await scheduleErrorOf(
      explore(
        ({ detach, step }) => {
          detach((task) => step(task)).catch(() => {});
        },
        () => {},
      ),
    );
    expect(cause).toBeInstanceOf(LeakError);
  });

  it("a program that isn't the same each time", async () => {
    let runs = 0;
    const error = await outcomeOf(
      explore(
        async ({ step }) => {
          runs++;
          await Promise.all([step(null, "a"), step(null, runs > 1 ? "c" : "b")]);
        },
        () => {},
      ),
    );
    expect(error).toBeInstanceOf(NondeterminismError);
    expect((error as Error).message).toContain("it offered a or b, now a or c");
  });

  it("a program that offers less than before", async () => {
    let runs = 0;
    const program = async ({ step }: ExploreKit): Promise<void> => {
      const labels = ++runs === 1 ? ["a", "b", "c"] : ["a", "b"];
      for (const label of labels) await step(null, label);
      if (runs === 1) await Promise.all([step(null, "d"), step(null, "e")]);
    };
    expect(await outcomeOf(explore(program, () => {}))).toBeInstanceOf(NondeterminismError);
  });

  it("whatever steps are called: no two of a run have one label, and a schedule says which settled in one turn", async () => {
    const program = async ({ step }: ExploreKit): Promise<string> => {
      let log = "";
      const labels = ["a", "a#2", "a", "x + y", "time 10"];
      await Promise.all(labels.map((label, index) => step(null, label).then(() => (log += index))));
      return log;
    };
    const wrong = (log: string): void => expect(log).not.toBe("03421");
    const { schedule } = await scheduleErrorOf(explore(program, wrong));
    expect(schedule).toEqual(["a", "x + y", "time 10", "a#3", "a#2"]);
    await scheduleErrorOf(explore(program, wrong, { schedule }));
  });

  it("a value that holds itself, and an error that can't be printed", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect([
      ...(
        await explore(
          () => circular,
          () => {},
        )
      ).outcomes.keys(),
    ]).toEqual(["[object Object]"]);
    const { cause } = await scheduleErrorOf(
      explore(
        () => Promise.reject(circular as never),
        () => {},
      ),
    );
    expect(cause).toBe(circular);
  });

  it("a check may wait on the clock", async () => {
    let elapsed = 0;
    await explore(
      ({ sleep: pause, clock }) => ({ pause, clock }),
      async ({ pause, clock }) => {
        await pause(10);
        elapsed = clock.elapsed;
      },
    );
    expect(elapsed).toBe(10);
  });

  it("a deadlock without a word of real time, which plays no part here", async () => {
    const program = ({ taskGroup: group }: ExploreKit): Promise<void> => group(() => new Promise(() => {}));
    const { cause } = await scheduleErrorOf(explore(program, () => {}));
    expect((cause as Error).message).toMatch(
      /^deadlock: everything waits, no timer is set; the clock stands at 0 ms\n.*$/,
    );
  });

  it("a schedule that the program doesn't offer", async () => {
    const error = await outcomeOf(explore(tasksOfSteps(["a"], 1), () => {}, { schedule: ["b"] }));
    expect(error).toBeInstanceOf(NondeterminismError);
  });

  it("a program with more orders than it is told to run", async () => {
    const program = tasksOfSteps(["a", "b", "c"], 3);
    expect(await explore(program, () => {}, { limit: 100 })).toMatchObject({ schedules: 100, isComplete: false });
    const tooMany = await outcomeOf(explore(tasksOfSteps(["a", "b", "c", "d"], 3), () => {}));
    expect(tooMany).toBeInstanceOf(RangeError);
    expect(await outcomeOf(explore(program, () => {}, { limit: 0 }))).toBeInstanceOf(RangeError);
  }, 60_000);

  it("a program that never ends", async () => {
    const error = await scheduleErrorOf(
      explore(
        async ({ sleep: pause }) => {
          for (;;) await pause(10);
        },
        () => {},
      ),
    );
    expect(error.cause).toBeInstanceOf(RangeError);
  });
});
