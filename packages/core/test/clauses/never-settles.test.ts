import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Semaphore, type TaskGroup, type TaskGroupOptions } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";
import { gate } from "./gate.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Nobody can settle it, and nobody but who waits for it knows it. */
const never = (): Promise<never> => new Promise(() => {});

/** Opens a group that nobody awaits, collects garbage until something has been reported, and some turns more. */
async function lostIn(body: (group: TaskGroup, host: Host) => unknown, options: TaskGroupOptions = { debug: true }) {
  const host = virtualRuntime();
  void host.taskGroup({ name: "group", ...options }, (group) => body(group, host)).catch(() => {});
  const turn = async (): Promise<void> => {
    await host.settle(); // the engine tells of what it has collected on a turn of its own
    collect();
  };
  for (let n = 0; n < 20 && host.reports.length === 0; n++) await turn();
  for (let n = 0; n < 3; n++) await turn();
  await host.settle();
  return { ...host, lost: host.reports.map(({ tasks }) => tasks.map(({ path }) => path.join(" > ")).join()) };
}

type Host = ReturnType<typeof virtualRuntime>;

describe("DX-6 under `debug` a member that can never settle is reported", () => {
  it("DX-6 when what it waits for has been garbage-collected, with its info, once", async () => {
    const hung = (group: TaskGroup): void => void group.createTask(never, { name: "hung" });
    const { reports, inspectTasks } = await lostIn(hung);
    expect(reports).toHaveLength(1);
    expect(reports[0]?.warning).toBe(
      'task "hung" (group > hung) can never settle: what it waits for has been garbage-collected',
    );
    expect(reports[0]?.tasks).toEqual([
      { id: expect.any(Number), name: "hung", path: ["group", "hung"], createdAt: expect.any(String) },
    ]);
    // And it doesn't: the group is still open.
    expect(inspectTasks()[0]?.children.map(({ state }) => state)).toEqual(["running"]);
  });

  it.each<readonly [string, () => unknown]>([
    ["an async function that awaits such a promise", async () => void (await never())],
    ["one that does after other waits", () => Promise.resolve().then(() => Promise.all([never(), Promise.resolve(1)]))],
    ["a race of such promises", () => Promise.race([never(), never()])],
    ["a thenable that nobody will settle", () => ({ then: () => {} })],
    ["a wait for a semaphore that nobody else has, for nobody", () => new Semaphore(0).acquire(null)],
  ])("DX-6 %s", async (_, fn) => {
    const { lost } = await lostIn((group) => void group.createTask(fn, { name: "hung" }));
    expect(lost).toEqual(["group > hung"]);
  });

  it.each([
    ["that is a background member", (group: TaskGroup) => group.createTask(never, { name: "hung", background: true })],
    ["that was eager", (group: TaskGroup) => group.createTask(never, { name: "hung", eager: true })],
    ["of start()", (group: TaskGroup) => void group.start(never, { name: "hung" })],
    ["of a group within", (group: TaskGroup) => group.taskGroup((inner) => void inner.createTask(never))],
  ])("DX-6 a member %s", async (_, open) => {
    const { reports } = await lostIn(async (group) => {
      void open(group);
      await group.sleep(Infinity);
    });
    expect(reports).toEqual([
      { warning: expect.stringContaining("can never settle"), tasks: [expect.objectContaining({})] },
    ]);
    expect(reports[0]?.tasks[0]?.createdAt).toContain("never-settles.test.ts");
  });

  it("DX-6 a member that has been cancelled and hangs all the same", async () => {
    const { lost } = await lostIn(async (group, { settle }) => {
      group.createTask(({ sleep }) => sleep(Infinity).catch(never), { name: "hung" });
      await settle();
      group.cancel();
    });
    expect(lost).toEqual(["group > hung"]);
  });

  it("DX-6 the body of a block, and of a nest of blocks the one that is stuck", async () => {
    const { reports } = await lostIn(async (group) => {
      group.createTask(
        (task) =>
          task.failAfter(1000, (deadline) => deadline.shield((shield) => shield.taskGroup({ name: "stuck" }, never))),
        { name: "member" },
      );
      await group.sleep(Infinity);
    });
    expect(reports.map(({ warning, tasks }) => [warning?.split(":")[0], tasks[0]?.path.at(-1)])).toEqual([
      [expect.stringMatching(/^TaskGroup "stuck" \(group > member > .* > stuck\) can never settle$/), "stuck"],
    ]);
  });

  it("DX-6 the body of the group that was given `debug`", async () => {
    const { lost } = await lostIn(never);
    expect(lost).toEqual(["group"]);
  });

  it("DX-6 a background task of a set under it (CO-6)", async () => {
    const { lost } = await lostIn((group, { openBackgroundTasks }) => {
      const set = openBackgroundTasks({ parent: group, name: "set" });
      void set.add(never, { name: "service", onError: () => {} });
      return group.sleep(Infinity);
    });
    expect(lost).toEqual(["group > set > service"]);
  });
});

describe("DX-6 a member that can settle isn't reported", () => {
  const hold = gate();
  const semaphore = new Semaphore(0);
  it.each<readonly [string, (group: TaskGroup) => unknown]>([
    ["a sleep", (group) => group.createTask(({ sleep }) => sleep(1e9))],
    ["an endless sleep", (group) => group.createTask(({ sleep }) => sleep(Infinity))],
    [
      "a loop of sleeps",
      (group) =>
        group.createTask(async ({ sleep }) => {
          for (;;) await sleep(1e9);
        }),
    ],
    ["an abortable, which a cancellation ends", (group) => group.createTask(({ abortable }) => abortable(never()))],
    ["a semaphore that somebody has", (group) => group.createTask((task) => semaphore.acquire(task).then(() => {}))],
    [
      "a semaphore that nobody has, for its own sake",
      (group) => group.createTask((task) => new Semaphore(0).acquire(task).then(() => {})),
    ],
    ["a promise that somebody can settle", (group) => group.createTask(() => hold.promise)],
    [
      "a callback of its cancellation",
      (group) => group.createTask(({ onCancel }) => new Promise((resolve) => void onCancel(resolve))),
    ],
    [
      "a listener on its signal",
      (group) => group.createTask(({ signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve))),
    ],
    [
      "another member",
      (group) => {
        const other = group.createTask(({ sleep }) => sleep(1e9));
        group.createTask(() => other);
      },
    ],
    [
      "a group of its own",
      (group) =>
        group.createTask((task) => task.taskGroup((inner) => void inner.createTask(({ sleep }) => sleep(1e9)))),
    ],
    ["a deadline's body", (group) => group.createTask((task) => task.failAfter(1e9, ({ sleep }) => sleep(1e9)))],
    [
      "a block that stops waiting",
      (group) => group.createTask((task) => task.taskGroup({ debug: false, abandonAfter: 5 }, never)),
    ],
    [
      "an open group that it joins",
      (group) =>
        group.createTask((task) => {
          const open = task.openTaskGroup();
          open.createTask(({ sleep }) => sleep(1e9));
          return open.join();
        }),
    ],
    [
      "idle()",
      (group) => {
        group.createTask(({ sleep }) => sleep(1e9));
        group.createTask(() => group.idle(), { background: true });
      },
    ],
    [
      "a slot",
      (group) =>
        group.taskGroup({ limit: 1 }, (inner) => {
          for (let n = 0; n < 3; n++) inner.createTask(({ sleep }) => sleep(1e9));
        }),
    ],
  ])("DX-6 that waits for %s", async (_, open) => {
    const { lost } = await lostIn(async (group, { settle }) => {
      open(group);
      await settle();
      // Once this one has been reported, the other had its chance.
      group.createTask(never, { name: "control" });
      await group.sleep(Infinity);
    });
    expect(lost).toEqual(["group > control"]);
  });

  it("DX-6 without `debug` nothing is watched", async () => {
    const { lost } = await lostIn((group) => void group.createTask(never), {});
    expect(lost).toEqual([]);
  });

  it("DX-6 one that has settled isn't, whatever became of its promise", async () => {
    const { lost } = await lostIn(
      async (group) => {
        group.createTask(() => 1);
        group.createTask(async () => {});
        group.createTask(() => Promise.reject(new Error("seen"))).catch(() => {});
        await group.createTask(() => Promise.resolve());
        group.createTask(never, { name: "control" });
        await group.sleep(Infinity);
      },
      { debug: true, failFast: false },
    );
    expect(lost).toEqual(["group > control"]);
  });
});

describe("DX-6 what it costs", () => {
  it("DX-6 a group with `debug` that is done keeps no member, no function and no error (LC-7)", async () => {
    const { taskGroup } = virtualRuntime();
    const refs: WeakRef<object>[] = [];
    const once = async (): Promise<void> => {
      const captured = { big: "object" };
      const error = new Error("boom");
      refs.push(new WeakRef(captured), new WeakRef(error));
      await errorOf(
        taskGroup({ debug: true, failFast: false }, (group) => {
          refs.push(new WeakRef(group));
          refs.push(new WeakRef(group.createTask(() => void captured.big.at(0))));
          refs.push(new WeakRef(group.createTask(() => Promise.reject(error))));
        }),
      );
    };
    await once();
    for (const ref of refs) expect(await isCollected(ref)).toBe(true);
    expect(refs).toHaveLength(5);
  });

  it("DX-6 an engine without FinalizationRegistry runs it all the same", async () => {
    vi.resetModules();
    vi.stubGlobal("FinalizationRegistry", undefined);
    try {
      const { bindTaskGroup, defineRuntime } = await import("@cohort/core");
      const { run, adapter, reports } = virtualRuntime();
      const taskGroup = bindTaskGroup(defineRuntime(adapter));
      const value = await run(() => taskGroup({ debug: true }, (group) => group.createTask(() => 1)));
      expect([value, reports]).toEqual([1, []]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
