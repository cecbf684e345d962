import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openTaskGroup, taskGroup } from "@cohort/node";
import { run } from "./child.ts";

const storage = new AsyncLocalStorage<number>();
const major = Number.parseInt(process.versions.node, 10);

describe("ME-14 a member runs in the async context of its createTask call", () => {
  it.each([
    ["without a limit", {}],
    ["with a queue behind a limit of 1", { limit: 1 }],
    ["with a queue behind a limit of 3", { limit: 3 }],
  ])("ME-14 %s", async (_, options) => {
    const seen = new Map<unknown, unknown>();
    await taskGroup(options, (group) => {
      for (let i = 0; i < 10; i++) {
        storage.run(i, () =>
          group.createTask(async () => {
            const before = storage.getStore();
            await turn();
            seen.set(i, [before, storage.getStore()]);
          }),
        );
      }
      group.createTask(() => seen.set("outside", storage.getStore()));
    });
    expect(seen.size).toBe(11);
    expect(seen.get("outside")).toBeUndefined();
    for (let i = 0; i < 10; i++) expect(seen.get(i)).toEqual([i, i]);
  });

  it("ME-14 eager: in the caller's, and one that has to queue in its creator's", async () => {
    const seen: unknown[] = [];
    const see = (): unknown => seen.push(storage.getStore());
    await taskGroup({ limit: 1 }, (group) => {
      storage.run(1, () => group.createTask(async () => (see(), turn()), { eager: true }));
      storage.run(2, () => group.createTask(see, { eager: true }));
      storage.run(3, () => group.createTask(see));
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it("ME-14 a slot freed in another context doesn't lend its context", async () => {
    const seen: unknown[] = [];
    await taskGroup({ limit: 1 }, (group) => {
      storage.run(1, () => group.createTask(() => turn()));
      group.createTask(() => seen.push(storage.getStore()));
      storage.run(3, () => group.createTask(() => seen.push(storage.getStore())));
    });
    expect(seen).toEqual([undefined, 3]);
  });

  it("ME-14 background members, start() and members created by members", async () => {
    const seen: Record<string, unknown> = {};
    await taskGroup({ limit: 1 }, async (group) => {
      storage.run(1, () => group.createTask(() => (seen["background"] = storage.getStore()), { background: true }));
      await storage.run(2, () =>
        group.start((_task, started) => {
          seen["start"] = storage.getStore();
          started();
        }),
      );
      storage.run(3, () =>
        group.createTask(() => {
          storage.run(4, () => group.createTask(() => (seen["grandchild"] = storage.getStore())));
          group.createTask(() => (seen["child"] = storage.getStore()));
        }),
      );
    });
    expect(seen).toEqual({ background: 1, start: 2, grandchild: 4, child: 3 });
  });

  it("ME-14 in a group that was opened in another context", async () => {
    const seen: unknown[] = [];
    const group = storage.run(100, () => openTaskGroup({ limit: 1 }));
    for (const n of [1, 2, 3]) storage.run(n, () => group.createTask(() => seen.push(storage.getStore())));
    await group.join();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("ME-2 members start in the order of creation, whatever their contexts", async () => {
    const order: number[] = [];
    await taskGroup((group) => {
      for (let i = 0; i < 20; i++) {
        if (i % 2 === 0) group.createTask(() => order.push(i));
        else storage.run(i, () => group.createTask(() => order.push(i)));
      }
    });
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("ME-14 the body that awaits goes on in its own context", async () => {
    await storage.run(1, () =>
      taskGroup(async (group) => {
        await storage.run(2, () => group.createTask(() => turn()));
        expect(storage.getStore()).toBe(1);
        await group.idle();
        expect(storage.getStore()).toBe(1);
        await group.sleep(1);
        expect(storage.getStore()).toBe(1);
      }),
    );
  });
});

describe("ME-14 telling whether there can be a context", () => {
  it.runIf(major >= 22)("ME-14 there is none until somebody touches AsyncLocalStorage, then there is", async () => {
    const { stdout, stderr } = await run("may-have-context");
    expect([stdout, stderr]).toEqual([
      "at the start: false\nafter a group: false\nwith AsyncLocalStorage: true\n 1 2 3\n",
      "",
    ]);
  });

  it("ME-14 a store that comes to be between two createTask calls of one turn is honoured", async () => {
    const { stdout, stderr } = await run("context-midway");
    expect(stderr).toBe("");
    const [line = ""] = stdout.split("\n");
    expect(line.split(" ").sort()).toEqual(["1", "2", "3", "before", "true", "undefined"]);
  });
});
