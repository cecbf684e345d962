import { AbandonedError, type Draining, type Scope, type TaskInfo } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

const names = (tasks: readonly TaskInfo[] | undefined) => tasks?.map((task) => task.name);

/** Something that ignores its cancellation for `ms`. */
const ignoreFor = (scope: Scope, ms: number) => scope.shield({ grace: Infinity }, ({ sleep }) => sleep(ms));

describe("CA-8 every drain waits for what ignores cancellation", () => {
  it.each([
    [
      "a member",
      async (scope: Scope, work: () => Promise<void>) =>
        scope.taskGroup(async (group) => {
          group.createTask(work);
          await group.sleep(1);
          group.cancel();
        }),
    ],
    [
      "the body of a group",
      (scope: Scope, work: () => Promise<void>) =>
        scope.taskGroup((group) => {
          group.cancel();
          return work();
        }),
    ],
    ["the body of failAfter", (scope: Scope, work: () => Promise<void>) => scope.failAfter(1, work)],
    ["the body of failAt", (scope: Scope, work: () => Promise<void>) => scope.failAt(1, work)],
    ["the body of moveOnAfter", (scope: Scope, work: () => Promise<void>) => scope.moveOnAfter(1, work)],
    ["the body of shield", (scope: Scope, work: () => Promise<void>) => scope.shield({ timeout: 1 }, work)],
    [
      "a cleanup",
      (scope: Scope, work: () => Promise<void>) =>
        scope.taskGroup((group) => {
          group.defer(work);
          group.cancel();
        }),
    ],
    [
      "c.2 #23 a background member",
      (scope: Scope, work: () => Promise<void>) =>
        scope.taskGroup(async (group) => {
          group.createTask(work, { background: true });
          await group.sleep(1);
        }),
    ],
  ])("CA-8 %s is waited for, however long it takes", async (_title, block) => {
    const { run, taskGroup, now, sleep } = virtualRuntime();
    let hasEnded = false;
    await run(() =>
      taskGroup(async (group) => {
        await block(group, async () => {
          await sleep(100_000);
          hasEnded = true;
        }).then(
          () => {},
          () => {},
        );
        expect([hasEnded, now()]).toEqual([true, 100_000]);
      }),
    );
    expect.assertions(1);
  });

  it("CA-8 after grace, 5000 ms by default, each straggler is reported once with its name, path and time", async () => {
    const { run, taskGroup, reports, now, addInstrument } = virtualRuntime();
    const told: [string, number, number][] = [];
    addInstrument({ onStraggler: (task, ms) => void told.push([task.name, ms, now()]) });
    await run(() =>
      taskGroup({ name: "shop" }, async (group) => {
        for (const name of ["till", "door"]) group.createTask((task) => ignoreFor(task, 60_000), { name });
        group.createTask(({ sleep }) => sleep(60_000), { name: "obedient" });
        await group.sleep(10);
        group.cancel();
      }),
    );
    expect(told.map(([, ms, at]) => [ms, at])).toEqual([
      [5000, 5010],
      [5000, 5010],
    ]);
    expect(reports.length).toBe(1);
    expect(reports[0]?.warning).toContain("5000 ms");
    expect(reports[0]?.warning).toContain("till");
    expect(reports[0]?.warning).toContain("door");
    expect(reports[0]?.warning).not.toContain("obedient");
    expect(reports[0]?.tasks.map((task) => task.path.slice(0, 2))).toEqual([
      ["shop", "till"],
      ["shop", "door"],
    ]);
  });

  it.each([
    [
      "taskGroup",
      (scope: Scope, options: Draining, work: () => Promise<void>) =>
        scope.taskGroup(options, (group) => {
          group.cancel();
          return work();
        }),
    ],
    ["failAfter", (scope: Scope, options: Draining, work: () => Promise<void>) => scope.failAfter(0, work, options)],
    ["failAt", (scope: Scope, options: Draining, work: () => Promise<void>) => scope.failAt(0, work, options)],
    [
      "moveOnAfter",
      (scope: Scope, options: Draining, work: () => Promise<void>) => scope.moveOnAfter(0, work, options),
    ],
    [
      "shield",
      (scope: Scope, options: Draining, work: () => Promise<void>) => scope.shield({ timeout: 0, ...options }, work),
    ],
  ])("CA-8 %s takes grace and abandonAfter", async (_title, block) => {
    const { run, taskGroup, reports, now, advance } = virtualRuntime();
    const stuck = gate();
    const outcome = await run(() =>
      taskGroup(async (group) => {
        const error = await errorOf(block(group, { grace: 10, abandonAfter: 30 }, () => stuck.promise));
        return [error, now()];
      }),
    );
    expect(outcome).toEqual([expect.any(AbandonedError), 30]);
    expect(reports.map(({ warning }) => warning)).toEqual([expect.stringContaining("10 ms")]);
    expect((outcome[0] as AbandonedError).tasks.length).toBe(1);
    stuck.open();
    await advance(1);
    expect(reports.length).toBe(2);
    expect(reports[1]?.tasks).toEqual((outcome[0] as AbandonedError).tasks);
  });

  it("CA-8 `grace: Infinity` reports nothing, and abandonAfter is never the default", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const value = await run(() =>
      taskGroup({ grace: Infinity }, (group) => {
        group.cancel();
        return ignoreFor(group, 10_000_000).then(() => 7);
      }),
    );
    expect([value, reports]).toEqual([7, []]);
  });

  it("CA-8 a block that ends within grace is not reported", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    await run(() =>
      taskGroup({ grace: 100 }, (group) => {
        group.cancel();
        return ignoreFor(group, 99);
      }),
    );
    expect(reports).toEqual([]);
  });

  it("CA-8 bodies of groups are stragglers too, beside members of theirs", async () => {
    const { run, taskGroup, reports, sleep } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g", grace: 10 }, async (group) => {
        group.createTask(() => sleep(50), { name: "member" });
        await group.sleep(1);
        group.cancel();
        await sleep(50);
      }),
    );
    expect(names(reports[0]?.tasks)?.sort()).toEqual(["g", "member"]);
  });

  it("CA-8 what becomes a straggler after the first report is reported as well: a member after its own shield", async () => {
    const { run, taskGroup, reports, sleep } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g", grace: 10 }, async (group) => {
        group.createTask(
          async (task) => {
            await task.shield(() => sleep(20));
            await sleep(1000);
          },
          { name: "member" },
        );
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect(reports.flatMap(({ tasks }) => names(tasks))).toContain("member");
  });

  it("CA-8 a cleanup that hangs is reported, also when members have taken longer than grace to end", async () => {
    const { run, taskGroup, reports, sleep } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g", grace: 10 }, async (group) => {
        group.createTask(() => sleep(20), { name: "member" });
        group.defer(() => sleep(1000));
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect(reports.flatMap(({ tasks }) => names(tasks))).toContain("g");
  });

  it.each(["taskGroup", "moveOnAfter"] as const)(
    "CA-8 a %s that is opened in a cancelled scope drains like any other: reported after grace, abandoned if it says so",
    async (name) => {
      const { run, taskGroup, reports, sleep, now } = virtualRuntime();
      await run(() =>
        taskGroup(async (group) => {
          group.cancel();
          const options = { grace: 10, abandonAfter: 30 };
          const stuck = () => sleep(1000);
          const block = name === "taskGroup" ? group.taskGroup(options, stuck) : group.moveOnAfter(100, stuck, options);
          expect(await errorOf(block)).toBeInstanceOf(AbandonedError);
          expect([reports.length, now()]).toEqual([1, 30]);
        }),
      );
      expect.assertions(2);
    },
  );

  it("CA-8 a member that was cancelled alone is reported after the grace that holds around it", async () => {
    const { run, taskGroup, reports, sleep } = virtualRuntime();
    await run(() =>
      taskGroup({ grace: 10 }, (outer) =>
        outer.taskGroup({ memberCancel: true }, async (inner) => {
          const member = inner.createTask(() => sleep(100), { name: "stubborn" });
          await inner.sleep(1);
          member.cancel();
        }),
      ),
    );
    expect(reports.map(({ warning, tasks }) => [warning?.includes("10 ms"), names(tasks)])).toEqual([
      [true, ["stubborn"]],
    ]);
  });

  it("CA-8 a straggler in a group within is reported once, with the time of the nearest grace", async () => {
    const { run, taskGroup, reports, sleep } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "outer", grace: 20 }, async (outer) => {
        outer.createTask(
          (task) =>
            task.taskGroup({ name: "inner", grace: 10 }, (inner) => {
              inner.createTask(() => sleep(1000), { name: "stuck" });
            }),
          { name: "member" },
        );
        await outer.sleep(1);
        outer.cancel();
      }),
    );
    expect(reports.map(({ tasks }) => tasks.map(({ path }) => path))).toEqual([
      [["outer", "member", "inner", "stuck"]],
    ]);
    expect(reports[0]?.warning).toContain("10 ms");
  });

  it("CA-8 the report says of each its path and its age, and what cancelled it", async () => {
    const { run, taskGroup, sleep, reports } = virtualRuntime();
    await run(() =>
      errorOf(
        taskGroup({ name: "shop", grace: 100 }, (group) => {
          group.createTask(() => sleep(1000), { name: "deaf" });
          group.createTask(({ sleep: pause }) => pause(50).then(() => Promise.reject(new Error("boom"))), {
            name: "till",
          });
        }),
      ),
    );
    expect(reports.map(({ warning }) => warning)).toEqual([
      'still running 100 ms after TaskGroup "shop" was cancelled (AbortError: task "till" failed in TaskGroup "shop"): shop > deaf (150 ms old)',
    ]);
  });
});
