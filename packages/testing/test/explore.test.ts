import type * as core from "@cohort/core";
import { bindTaskGroup, defineRuntime, ExceptionGroup, Semaphore } from "@cohort/core";
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
import { bareAdapter } from "../src/test-runtime.ts";
import { outcomeOf } from "./outcome-of.ts";
import { planted } from "./planted.ts";

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
    expect(schedule).toEqual(["b + a"]);
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

describe("explore() finds what it wasn't told to look for", () => {
  /** Two jobs fail, a cleanup fails as well, and somebody ends the group from outside: every error has to come out. */
  const jobs = (copy: Pick<typeof core, "bindTaskGroup" | "defineRuntime">) => {
    const own = copy.defineRuntime(bareAdapter());
    const program = async ({ step }: ExploreKit): Promise<string[]> => {
      const thrown: string[] = [];
      const fail = (text: string): never => {
        thrown.push(text);
        throw new Error(text);
      };
      const outside = new AbortController();
      const stopping = step(null, "stop").then(() => outside.abort(new Error("stopped")));
      const error = await outcomeOf(
        copy.bindTaskGroup(own)({ signal: outside.signal }, ({ createTask }) => {
          createTask(async (task) => {
            await step(task, "first");
            fail("first failed");
          });
          createTask(async (task) => {
            try {
              await step(task, "second");
            } finally {
              fail("cleanup failed");
            }
          });
        }),
      );
      await stopping;
      const got = error instanceof ExceptionGroup ? error.errors.map((leaf) => (leaf as Error).message) : [];
      return thrown.sort().join() === got.sort().join() ? [] : [...thrown, "but", ...got];
    };
    return { program, own };
  };

  it("in the group as it is, nothing", async () => {
    const { program, own } = jobs({ bindTaskGroup, defineRuntime });
    const report = await explore(program, (lost) => expect(lost).toEqual([]), { runtime: own, sameTurn: true });
    expect(report.isComplete).toBe(true);
    expect(report.schedules).toBeGreaterThan(10);
  });

  it("in a group that drops what fails after it was cancelled: the order in which an error is lost", async () => {
    await using copy = await planted(
      "task-group.ts",
      `if (state === "failed") this.memberFailed(task, value);`,
      `if (state === "failed" && !this.isCancelled) this.memberFailed(task, value);`,
    );
    const { program, own } = jobs(copy);
    const error = await scheduleErrorOf(
      explore(program, (lost) => expect(lost).toEqual([]), { runtime: own, sameTurn: true }),
    );
    expect(error.message).toContain("cleanup failed");
  });

  /** Three tasks share two permits; one is cancelled from outside, at any time. All permits must be back in the end. */
  const permits = (copy: Pick<typeof core, "Semaphore">) => async (kit: ExploreKit) => {
    const semaphore = new copy.Semaphore(1);
    const outside = new AbortController();
    const stopping = kit.step(null, "stop").then(() => outside.abort());
    await kit.taskGroup(({ createTask }) => {
      for (const name of ["a", "b"])
        createTask(
          async (task) => {
            using _permit = await semaphore.acquire(task);
            await kit.step(task);
          },
          { name },
        );
      createTask(
        async () => {
          using _permit = await semaphore.acquire(outside.signal).catch(() => undefined);
        },
        { name: "c" },
      );
    });
    await stopping;
    return { available: semaphore.available, waiting: semaphore.waiting };
  };

  it("in the semaphore as it is, nothing", async () => {
    const report = await explore(permits({ Semaphore }), (end) => expect(end).toEqual({ available: 1, waiting: 0 }), {
      sameTurn: true,
    });
    expect(report.isComplete).toBe(true);
  });

  it("in a semaphore whose cancelled waiter takes itself out of the queue twice: the order in which a wake-up is lost", async () => {
    await using copy = await planted("sync/wait-queue.ts", "first.leave();", "this.remove(first);");
    const error = await scheduleErrorOf(
      explore(permits(copy), (end) => expect(end).toEqual({ available: 1, waiting: 0 }), { sameTurn: true }),
    );
    expect(error.schedule.join()).toContain("stop");
  });
});
