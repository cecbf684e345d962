import { AbandonedError, ExceptionGroup } from "@cohort/core";
import { detach, openTaskGroup, runtime, sleep, taskGroup } from "@cohort/node";
import { DeadlockError, useVirtualTime } from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

const never = new Promise<never>(() => {});
/** Nothing real happens in these tests: no time need be left for it. */
const patience = 0;

describe("everything is blocked, no timer is set and work is open", () => {
  it("it ends with a DeadlockError that draws the tree and says what each task waits for", async () => {
    await using _clock = useVirtualTime(runtime, { patience });
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
      "deadlock: everything waits, no timer is set; the clock stands at 5 ms",
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
    await using _clock = useVirtualTime(runtime, { patience });
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
    await using _clock = useVirtualTime(runtime, { patience });
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
    await using _clock = useVirtualTime(runtime, { patience });
    expect(await outcomeOf(sleep(Infinity, null))).toBeInstanceOf(DeadlockError);
  });

  it("reports about stragglers don't keep it from being found", async () => {
    await using clock = useVirtualTime(runtime, { patience });
    const error = await outcomeOf(
      taskGroup({ name: "shop" }, (group) => {
        group.createTask(() => never, { name: "deaf", eager: true });
        group.cancel();
      }),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect([clock.elapsed, clock.reports]).toEqual([0, []]);
  });

  it("detached tasks and open groups hear of it, too", async () => {
    await using _clock = useVirtualTime(runtime, { patience });
    const alone = detach(({ abortable }) => abortable(never));
    const group = openTaskGroup();
    group.createTask(({ abortable }) => abortable(never));
    expect(await Promise.all([outcomeOf(alone), outcomeOf(group.join())])).toEqual([
      expect.any(DeadlockError),
      expect.any(DeadlockError),
    ]);
  });

  it("what its DeadlockError has told is no leak besides", async () => {
    const clock = useVirtualTime(runtime, { patience });
    expect(await outcomeOf(taskGroup(() => never))).toBeInstanceOf(DeadlockError);
    await clock.close();
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
