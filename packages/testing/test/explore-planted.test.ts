import type * as core from "@cohort/core";
import { bindTaskGroup, defineRuntime, ExceptionGroup, Semaphore } from "@cohort/core";
import { explore, type ExploreKit, ScheduleError } from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { bareAdapter } from "../src/test-runtime.ts";
import { outcomeOf } from "./outcome-of.ts";
import { planted } from "./planted.ts";

async function scheduleErrorOf(exploring: Promise<unknown>): Promise<ScheduleError> {
  const error = await outcomeOf(exploring);
  expect(error).toBeInstanceOf(ScheduleError);
  return error as ScheduleError;
}

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

  /** Three tasks share a permit; one is cancelled from outside, at any time. It must be back in the end. */
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
