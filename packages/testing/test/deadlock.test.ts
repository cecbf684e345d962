import { AbandonedError, AsyncEvent, ExceptionGroup } from "@cohort/core";
import { detach, openTaskGroup, runtime, sleep, taskGroup } from "@cohort/node";
import { DeadlockError, LeakError, type TestClock, useVirtualTime, withVirtualTime } from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

const never = new Promise<never>(() => {});
/** Nothing real happens in these tests: no time need be left for it. */
const patience = 0;

/** A clock whose deadlock is what the test is about: at its end, just that has been reported. */
function expectingDeadlock(options = { patience }): TestClock {
  const clock = useVirtualTime(runtime, options);
  const dispose = clock[Symbol.asyncDispose].bind(clock);
  return Object.assign(clock, {
    [Symbol.asyncDispose]: () => {
      expect(clock.takeReports()).toEqual([{ error: expect.any(DeadlockError) as unknown, tasks: [] }]);
      return dispose();
    },
  });
}

describe("everything is blocked, no timer is set and work is open", () => {
  it("it ends with a DeadlockError that draws the tree and says what each task waits for", async () => {
    await using _clock = expectingDeadlock();
    const error = await outcomeOf(
      taskGroup({ name: "shop" }, async (group) => {
        group.createTask(({ abortable }) => abortable(never), { name: "till" });
        group.createTask((task) => task.taskGroup({ name: "inner" }, (inner) => inner.abortable(never)), {
          name: "door",
        });
        await sleep(5);
        await group.abortable(never);
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    const { message, tree, tasks, code } = error as DeadlockError;
    expect(code).toBe("COHORT_DEADLOCK");
    expect(message.split("\n")).toEqual([
      "deadlock: everything waits, no timer is set, and for 0 ms of real time nothing has happened; the clock stands at 5 ms",
      "shop (group, running, 5 ms, waits for an abortable promise)",
      "├─ till (task, running, 5 ms, waits for an abortable promise)",
      "└─ door (task, running, 5 ms)",
      "   └─ inner (group, running, 5 ms, waits for an abortable promise)",
      expect.stringContaining("hold the clock"),
    ]);
    expect(tree).toHaveLength(1);
    expect(tasks.map(({ name }) => name)).toEqual(["till", "inner"]);
  });

  it("also where nobody hears of a cancellation: two tasks that await each other", async () => {
    await using _clock = expectingDeadlock();
    const error = await outcomeOf(
      taskGroup({ name: "shop" }, (group) => {
        const a = group.createTask(
          async () => {
            await b;
          },
          { name: "a" },
        );
        const b = group.createTask(
          async () => {
            await a;
          },
          { name: "b" },
        );
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).message).toContain(
      "a (task, running, 0 ms, waits for something that can't be seen)",
    );
  });

  it("a failure while it is cancelled comes out with it", async () => {
    await using _clock = expectingDeadlock();
    const boom = new Error("boom");
    const error = await outcomeOf(
      taskGroup(async (group) => {
        group.createTask(async ({ abortable }) => {
          try {
            await abortable(never);
          } finally {
            await Promise.reject(boom);
          }
        });
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([boom]);
    expect((error as ExceptionGroup).cause).toBeInstanceOf(DeadlockError);
  });

  it("a sleep for ever is no timer", async () => {
    await using _clock = expectingDeadlock();
    expect(await outcomeOf(sleep(Infinity, null))).toBeInstanceOf(DeadlockError);
  });

  it("reports about stragglers don't keep it from being found", async () => {
    await using clock = expectingDeadlock();
    const error = await outcomeOf(
      taskGroup({ name: "shop" }, (group) => {
        group.createTask(() => never, { name: "deaf", eager: true });
        group.cancel();
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(clock.elapsed).toBe(0);
  });

  it("detached tasks and open groups hear of it, too", async () => {
    await using _clock = expectingDeadlock();
    const alone = detach(({ abortable }) => abortable(never));
    const group = openTaskGroup();
    group.createTask(({ abortable }) => abortable(never));
    expect(await Promise.all([outcomeOf(alone), outcomeOf(group.join())])).toEqual([
      expect.any(DeadlockError),
      expect.any(DeadlockError),
    ]);
  });

  it("is reported as well: a test that swallows its DeadlockError fails all the same", async () => {
    const clock = useVirtualTime(runtime, { patience });
    expect(await outcomeOf(taskGroup(() => never))).toBeInstanceOf(DeadlockError);
    const error = await outcomeOf(clock.close());
    expect(error).toBeInstanceOf(LeakError);
    expect((error as LeakError).leaks).toMatchObject({ open: [], errors: [{ error: { code: "COHORT_DEADLOCK" } }] });
  });

  it("a forgotten group that nobody awaits is found, too", async () => {
    const error = await outcomeOf(
      withVirtualTime(runtime, { patience: 20 }, async (clock) => {
        openTaskGroup({ name: "forgotten" }).createTask(({ abortable }) => abortable(never));
        const leaks = (): string => {
          try {
            clock.assertNoLeaks();
            return "";
          } catch (leak) {
            return (leak as Error).message;
          }
        };
        while (!leaks().includes("deadlock")) await new Promise((resolve) => setTimeout(resolve, 5));
        clock.assertNoLeaks();
      }),
    );
    expect((error as Error).message).toContain("deadlock: everything waits");
  });

  it("a body that waits for what never comes is deadlocked itself", async () => {
    const body = async (): Promise<void> => {
      await taskGroup(({ sleep: pause }) => pause(5));
      await new AsyncEvent().wait(null);
    };
    const error = await outcomeOf(withVirtualTime(runtime, { patience }, body));
    expect((error as DeadlockError).message.split("\n").slice(0, 2)).toEqual([
      "deadlock: everything waits, no timer is set, and for 0 ms of real time nothing has happened; the clock stands at 5 ms",
      "no block is open",
    ]);
  });

  it("a sleep for ever is found after the last block has ended, too, and named", async () => {
    await using _clock = expectingDeadlock({ patience: 100 });
    const forever = outcomeOf(sleep(Infinity));
    await taskGroup(() => new Promise((resolve) => setTimeout(resolve, 5)));
    const error = await forever;
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).message).toContain("for nobody's sake: a sleep");
  });

  it("time that nobody advances is one, too", async () => {
    const body = (): Promise<void> => sleep(10);
    const error = await outcomeOf(withVirtualTime(runtime, { patience, autoJump: false }, body));
    expect((error as Error).message).toContain("1 timers wait for advance(), since autoJump is off");
  });

  it("a second one is found after the first", async () => {
    await using _clock = expectingDeadlock();
    expect(await outcomeOf(taskGroup(() => never))).toBeInstanceOf(DeadlockError);
    expect(await outcomeOf(taskGroup(() => never))).toBeInstanceOf(DeadlockError);
  });

  it("an AbandonedError of the program's own is no deadlock", async () => {
    await using clock = useVirtualTime(runtime, { patience });
    const error = await outcomeOf(
      taskGroup({ abandonAfter: 100 }, (group) => {
        group.createTask(() => sleep(200), { eager: true });
        group.cancel();
      }),
    );
    expect([error, clock.elapsed]).toEqual([expect.any(AbandonedError), 100]);
    await sleep(100);
  });
});

describe("what looks like a deadlock, and isn't", () => {
  it("real work that takes a while, within the patience", async () => {
    await using _clock = useVirtualTime(runtime);
    await taskGroup(({ createTask }) => {
      createTask(() => new Promise((resolve) => setTimeout(resolve, 20)));
    });
  });

  it("real work that goes on task by task, each within the patience", async () => {
    await withVirtualTime(runtime, { patience: 60 }, () =>
      taskGroup(async ({ createTask }) => {
        for (let n = 0; n < 5; n++) await createTask(() => new Promise((resolve) => setTimeout(resolve, 20)));
      }),
    );
  });

  it("real work under a clock that is held, however long it takes", async () => {
    await using clock = useVirtualTime(runtime, { patience });
    const release = clock.hold();
    await taskGroup(({ createTask }) => {
      createTask(() => new Promise((resolve) => setTimeout(resolve, 20)).then(release));
    });
  });

  it("a test that settles by itself what its tasks wait for", async () => {
    await using clock = useVirtualTime(runtime);
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const done = taskGroup(({ createTask }) => void createTask(() => gate));
    await clock.idle();
    open();
    await done;
  });
});
