import type { TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { virtualRuntime } from "../virtual-runtime.ts";

describe("ME-8 names", () => {
  it("ME-8 a member's name defaults to Task-N and a group's to TaskGroup-N, unique in the runtime", async () => {
    const { run, taskGroup } = virtualRuntime();
    const names: string[] = [];
    await run(async () => {
      for (let n = 0; n < 3; n++) {
        await taskGroup((group) => {
          names.push(group.name);
          for (let m = 0; m < 3; m++) names.push(group.createTask(() => {}).name);
        });
      }
    });
    expect(names.filter((name) => /^Task-\d+$/.test(name))).toHaveLength(9);
    expect(names.filter((name) => /^TaskGroup-\d+$/.test(name))).toHaveLength(3);
    expect(new Set(names).size).toBe(12);
    expect(new Set(names.map((name) => name.split("-")[1])).size).toBe(12);
  });

  it("ME-8 c.2 #15 a member's path and place in the tree are its group's, whoever created or started it", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g", limit: 2 }, async (group) => {
        const work = ({ sleep }: TaskScope): Promise<void> => sleep(10);
        group.createTask(
          async ({ sleep }) => {
            group.createTask(work, { name: "eager child", eager: true });
            group.createTask(work, { name: "queued child" });
            await sleep(10);
          },
          { name: "creator" },
        );
        await group.sleep(1);
        const [tree] = inspectTasks();
        expect(tree?.children.map(({ path }) => path)).toEqual([
          ["g", "creator"],
          ["g", "eager child"],
          ["g", "queued child"],
        ]);
        expect(tree?.children.flatMap(({ children }) => children)).toEqual([]);
      }),
    );
  });

  it("ME-8 (test_taskgroup_task_name) names that are given are kept, also twice the same", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        const [a, b] = [group.createTask(() => {}, { name: "x" }), group.createTask(() => {}, { name: "x" })];
        expect([a.name, b.name, a.id === b.id]).toEqual(["x", "x", false]);
      }),
    );
  });
});
