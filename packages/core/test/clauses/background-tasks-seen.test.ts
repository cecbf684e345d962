import { AsyncLocalStorage } from "node:async_hooks";
import { type TaskInfo } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";
import { boom, ignore, services, soon } from "./services.ts";

describe("CO-6 a service of a set of background tasks can be seen", () => {
  it("CO-6 it runs in the async context of its add(), the restarts too (ME-14)", async () => {
    const { run, openBackgroundTasks } = virtualRuntime({ mayHaveContext: () => true });
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    await run(async () => {
      const set = openBackgroundTasks();
      const held = storage.run("caller", () => ({
        task: set.add(() => (seen.push(storage.getStore()), seen.length < 3 ? Promise.reject(boom) : undefined), {
          name: "a",
          onError: () => void seen.push(storage.getStore()),
          restart: { on: "failure", delay: 10 },
        }),
      }));
      await held.task;
      await storage.run("shutdown", () => set.shutdown());
    });
    expect(seen).toEqual(["caller", "caller", "caller"]);
  });

  it("CO-6 no run can change the async context of the next (ME-14)", async () => {
    const { run, openBackgroundTasks } = virtualRuntime({ mayHaveContext: () => true });
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const fn = () => {
      seen.push(storage.getStore());
      storage.enterWith(`run ${seen.length}`);
      if (seen.length < 3) throw boom;
    };
    await run(async () => {
      const set = openBackgroundTasks();
      const add = () => ({ task: set.add(fn, { name: "a", onError: ignore, restart: { on: "failure", delay: 10 } }) });
      await storage.run("caller", add).task;
      await set.shutdown();
    });
    expect(seen).toEqual(["caller", "caller", "caller"]);
  });

  it("CO-6 where there is async context, currentTask() is the run (DX-3)", async () => {
    const storage = new AsyncLocalStorage<TaskInfo>();
    const contextStorage = {
      run: <R>(task: TaskInfo, fn: () => R): R => storage.run(task, fn),
      current: () => storage.getStore(),
    };
    const { run, openBackgroundTasks, currentTask } = virtualRuntime({ contextStorage });
    await run(async () => {
      const set = openBackgroundTasks({ name: "set" });
      const seen: unknown[] = [];
      await set.add(({ id }) => seen.push(currentTask(), { id, name: "beat", path: ["set", "beat"] }), {
        name: "beat",
        onError: ignore,
      });
      expect(seen[0]).toEqual(seen[1]);
      await set.shutdown();
    });
    expect.assertions(1);
  });

  it("CO-6 of a service that runs on nothing is kept of the runs that failed (LC-7)", async () => {
    const { openBackgroundTasks, advance } = virtualRuntime();
    const set = openBackgroundTasks();
    const refs: WeakRef<object>[] = [];
    const task = set.add(
      (scope) => {
        const error = new Error("run");
        refs.push(new WeakRef(error), new WeakRef(scope));
        return refs.length < 8 ? Promise.reject(error) : scope.sleep(Infinity);
      },
      { name: "a", onError: ignore, restart: { on: "failure", delay: 1 } },
    );
    await soon();
    await advance(10);
    for (const ref of refs.slice(0, 6)) expect(await isCollected(ref)).toBe(true);
    expect([refs.length, task.state]).toEqual([8, "running"]);
    await set.shutdown();
  });

  it("CO-6 the tree shows a service, the run that it is in, and what either waits for (DX-1)", async () => {
    const { run, open, onError, sleep, formatTaskTree } = services({ name: "set" });
    await run(async () => {
      const set = open();
      void set.add(({ sleep: nap }) => nap(1000), { name: "beat", onError });
      void set.add(() => Promise.reject(boom), { name: "down", onError, restart: { on: "failure", delay: 1000 } });
      await sleep(10);
      expect(formatTaskTree().split("\n")).toEqual([
        "set (group, running, 10 ms)",
        "├─ beat (task, running, 10 ms)",
        "│  └─ beat (run, running, 10 ms, waits for a sleep)",
        "└─ down (task, running, 10 ms, waits for its restart)",
      ]);
      await set.shutdown();
    });
    expect.assertions(1);
  });

  it("CO-6 instruments see the set as a group and each service as its member (DX-2)", async () => {
    const { run, open, onError, addInstrument } = services({ name: "set" });
    const seen: string[] = [];
    addInstrument({
      onGroupOpen: ({ name }) => void seen.push(`open ${name}`),
      onGroupClose: ({ name }, { status }) => void seen.push(`close ${name} ${status}`),
      onTaskCreate: ({ name }, group) => void seen.push(`create ${name} in ${group?.name}`),
      onTaskStart: ({ name }) => void seen.push(`start ${name}`),
      onTaskEnd: ({ name }, { status }) => void seen.push(`end ${name} ${status}`),
    });
    await run(async () => {
      const set = open();
      await errorOf(set.add(() => Promise.reject(boom), { name: "beat", onError }));
      await set.shutdown();
    });
    expect(seen).toEqual(["open set", "create beat in set", "start beat", "end beat rejected", "close set fulfilled"]);
  });

  it("CO-6 `debug` of a parent tells onError where the service was added (DX-5)", async () => {
    const { run, taskGroup, openBackgroundTasks } = virtualRuntime();
    const infos: TaskInfo[] = [];
    await run(() =>
      taskGroup({ debug: true }, async (group) => {
        await using set = openBackgroundTasks({ parent: group });
        const theAdder = () =>
          set.add(() => Promise.reject(boom), { name: "a", onError: (_, info) => void infos.push(info) });
        await errorOf(theAdder());
      }),
    );
    expect(infos[0]?.createdAt).toContain("theAdder");
  });
});
