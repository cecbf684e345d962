import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { taskGroup, type TaskInfo } from "@cohort/node";

/** What a subscriber is told, as the documentation describes it. */
interface Message {
  readonly event: string;
  readonly task?: TaskInfo;
  readonly group?: TaskInfo;
  readonly outcome?: PromiseSettledResult<unknown>;
  readonly reason?: unknown;
  readonly ms?: number;
}

type Channel = "cohort:task" | "cohort:group";
const channels = ["cohort:task", "cohort:group"] as const;

const undo: (() => void)[] = [];
afterEach(() => {
  for (const stop of undo.splice(0)) stop();
});

/** Subscribes to channels until the test ends or `stop()`. */
function listen(...names: readonly Channel[]) {
  const heard: Message[] = [];
  const onMessage = (message: unknown): void => void heard.push(message as Message);
  for (const name of names) subscribe(name, onMessage);
  const stop = (): void => {
    for (const name of names) unsubscribe(name, onMessage);
  };
  undo.push(stop);
  /** "event name" of each message. */
  const lines = (): string[] => heard.map(({ event, task, group }) => `${event} ${(task ?? group)?.name}`);
  return { heard, lines, stop };
}

describe("RT-3 diagnostics channels", () => {
  it("RT-3 cohort:task tells of the creation, the start and the end of every task, in order", async () => {
    const { heard, lines } = listen("cohort:task");
    await taskGroup({ name: "g" }, async (group) => {
      await group.createTask(() => "value", { name: "a" });
      group.createTask(() => 2, { name: "b" });
    });
    expect(lines()).toEqual(["create a", "start a", "end a", "create b", "start b", "end b"]);
    expect(heard[0]?.group?.name).toBe("g");
    expect(heard[0]?.task).toMatchObject({ name: "a", path: ["g", "a"], id: expect.any(Number) });
    expect(heard[2]?.outcome).toEqual({ status: "fulfilled", value: "value" });
    expect(new Set(heard.slice(0, 3).map(({ task }) => task?.id)).size).toBe(1);
  });

  it("RT-3 cohort:group tells of the opening and the closing of every group, nested ones too", async () => {
    const { heard, lines } = listen("cohort:group");
    const value = await taskGroup({ name: "outer" }, (group) => group.taskGroup({ name: "inner" }, () => 7));
    expect(value).toBe(7);
    expect(lines()).toEqual(["open outer", "open inner", "close inner", "close outer"]);
    expect(heard[1]?.group?.path).toEqual(["outer", "inner"]);
    expect(heard[3]?.outcome).toEqual({ status: "fulfilled", value: 7 });
  });

  it("RT-3 failures and cancellations are told with their error and reason", async () => {
    const { heard, lines } = listen(...channels);
    const boom = new Error("boom");
    const error = await taskGroup({ name: "g" }, (group) => {
      group.createTask(() => Promise.reject(boom), { name: "a" });
      group.createTask(({ sleep }) => sleep(2 ** 30), { name: "b" });
    }).catch((caught: unknown) => caught);
    expect(lines()).toEqual([
      "open g",
      "create a",
      "create b",
      "start a",
      "start b",
      "end a",
      "cancel g",
      "end b",
      "close g",
    ]);
    expect(heard[5]?.outcome).toEqual({ status: "rejected", reason: boom });
    expect(heard[6]?.reason).toHaveProperty("cause", boom);
    expect(heard[7]?.outcome).toEqual({ status: "rejected", reason: heard[6]?.reason });
    expect(heard[8]?.outcome).toEqual({ status: "rejected", reason: error });
  });

  it("ME-5 a cancel() that is refused is told once a task", async () => {
    const { lines } = listen("cohort:task");
    await taskGroup((group) => {
      const task = group.createTask(() => {}, { name: "a" });
      expect([task.cancel(), task.cancel()]).toEqual([false, false]);
    });
    expect(lines().filter((line) => line.startsWith("ignored"))).toEqual(["ignoredCancel a"]);
  });

  it("LC-4 a task that is dead on arrival is told, and doesn't start", async () => {
    const { lines } = listen("cohort:task");
    await taskGroup((group) => {
      group.cancel();
      group.createTask(() => {}, { name: "late" });
    });
    expect(lines()).toContain("create late");
    expect(lines()).not.toContain("start late");
    expect(lines().some((line) => line === "deadOnArrival late")).toBe(true);
  });

  it("CA-8 a straggler is told with the time it has ignored its cancellation", async () => {
    const { heard } = listen("cohort:task");
    let wake: (() => void) | undefined;
    const told = new Promise<void>((resolve) => {
      const onMessage = (message: unknown): void => {
        if ((message as Message).event === "straggler") resolve();
      };
      subscribe("cohort:task", onMessage);
      undo.push(() => unsubscribe("cohort:task", onMessage));
    });
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await taskGroup({ grace: 5 }, async (group) => {
      group.createTask(() => new Promise<void>((resolve) => (wake = resolve)), { name: "deaf" });
      await Promise.resolve();
      await Promise.resolve();
      group.cancel();
      await told;
      wake?.();
    });
    const stragglers = heard.filter(({ event, task }) => event === "straggler" && task?.name === "deaf");
    expect(stragglers).toEqual([expect.objectContaining({ ms: expect.any(Number) })]);
    expect((await warned).message).toContain("deaf");
  });

  it("RT-3 who subscribes to one channel gets nothing of the other", async () => {
    const { heard } = listen("cohort:group");
    await taskGroup((group) => {
      group.createTask(() => {});
    });
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.every(({ task }) => task === undefined)).toBe(true);
  });

  it("RT-3 who subscribes while a group is open is told what happens from then on: new tasks", async () => {
    await taskGroup({ name: "g" }, async (group) => {
      await group.createTask(() => {}, { name: "before" });
      const { lines } = listen(...channels);
      await new Promise((resolve) => setImmediate(resolve));
      await group.createTask(() => {}, { name: "after" });
      expect(lines()).toEqual(["create after", "start after", "end after"]);
    });
  });

  it("RT-3 who subscribes while a group is open is told what happens from then on: ends", async () => {
    let heard: ReturnType<typeof listen> | undefined;
    await taskGroup({ name: "g" }, async (group) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      group.createTask(() => promise, { name: "running" });
      await new Promise((settle) => setImmediate(settle));
      heard = listen(...channels);
      resolve();
    });
    expect(heard?.lines()).toEqual(["end running", "close g"]);
  });

  it("RT-3 who subscribes in the turn in which a group opened is told of the next one", async () => {
    const first = taskGroup({ name: "first" }, () => {});
    const { lines } = listen("cohort:group");
    const second = taskGroup({ name: "second" }, () => {});
    await Promise.all([first, second]);
    expect(lines()).toContain("open second");
  });

  it("RT-3 nothing is told to who has unsubscribed, in the middle of a group too", async () => {
    const { heard, stop } = listen(...channels);
    await taskGroup(async (group) => {
      await group.createTask(() => {});
      stop();
      heard.length = 0;
      await group.createTask(() => {});
      group.cancel();
    });
    await taskGroup(() => {});
    expect(heard).toEqual([]);
  });

  it("RT-3 two subscribers are both told, and one goes on when the other leaves", async () => {
    const one = listen("cohort:group");
    const two = listen("cohort:group");
    await taskGroup({ name: "g" }, () => one.stop());
    expect(one.lines()).toEqual(["open g"]);
    expect(two.lines()).toEqual(["open g", "close g"]);
  });
});
