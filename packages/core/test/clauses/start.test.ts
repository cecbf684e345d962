import type { ExceptionGroup, TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

type Started<T> = (value: T) => void;

describe("ME-13 start() waits until the member says that it has started", () => {
  it("ME-13 resolves with the value the member passes to started(value), and the member goes on", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: unknown[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const port = await group.start(async ({ sleep }, started: Started<number>) => {
          await sleep(10);
          started(8080);
          order.push("goes on");
          await sleep(40);
          order.push("ends");
        });
        order.push(port, now(), group.size);
      }),
    );
    order.push(now());
    expect(order).toEqual(["goes on", 8080, 10, 1, "ends", 50]);
  });

  it.each([undefined, null, 0, "", false])("ME-13 started(%s) is a start", async (value) => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await run(() =>
      taskGroup(async (group) => outcomeOf(group.start((_, started: Started<unknown>) => started(value)))),
    );
    expect(seen).toEqual({ value });
  });

  it("ME-13 the member may start from a callback, and may be a plain function", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup((group) =>
        group.start((scope, started: Started<string>) => scope.sleep(5).then(() => started("listening"))),
      ),
    );
    expect(value).toBe("listening");
  });

  it("ME-13 it starts later, like a member that isn't eager, also if somebody asks for it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const options: object = { eager: true };
        const starting = group.start((_, started: Started<void>) => {
          order.push("member");
          started();
        }, options);
        order.push("caller");
        await starting;
      }),
    );
    expect(order).toEqual(["caller", "member"]);
  });

  it("ME-13 it has a name and a scope of its own, like any member", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g" }, async (group) => {
        const path = await group.start((scope, started: Started<readonly string[]>) => started(scope.path), {
          name: "srv",
        });
        expect(path).toEqual(["g", "srv"]);
      }),
    );
  });
});

describe("ME-13 after started() it is a member like any other", () => {
  it("ME-13 the group waits for it, and its failure is the group's", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          await group.start(
            async ({ sleep }, started: Started<void>) => {
              started();
              await sleep(10);
              throw new Error("crash");
            },
            { name: "srv" },
          );
          await group.sleep(1000);
        }),
      ),
    );
    expect((error as ExceptionGroup).failures.map(({ error: leaf, task }) => [leaf, task?.name])).toEqual([
      [new Error("crash"), "srv"],
    ]);
    expect(now()).toBe(10);
  });

  it("ME-13 a failure in the same step as started() is the group's, and start() has resolved", async () => {
    const { run, taskGroup } = virtualRuntime();
    let value: unknown;
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          value = await group.start((_, started: Started<string>) => {
            started("up");
            throw new Error("down");
          });
        }),
      ),
    );
    expect(value).toBe("up");
    expect((error as ExceptionGroup).errors).toEqual([new Error("down")]);
  });

  it("ME-13 it is cancelled with the group", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        await group.start(async ({ sleep }, started: Started<void>) => {
          started();
          await sleep(1000).catch((error: unknown) => {
            order.push("cancelled");
            throw error;
          });
        });
        group.cancel();
      }),
    );
    expect([order, now()]).toEqual([["cancelled"], 0]);
  });

  it("ME-13 with background: true it doesn't keep the group open", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        await group.start(
          async ({ sleep }, started: Started<void>) => {
            await sleep(10);
            started();
            await sleep(1000);
          },
          { background: true },
        );
      }),
    );
    expect(now()).toBe(10);
  });

  it("ME-13 it takes a slot in FIFO order", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        const work =
          (name: string) =>
          async ({ sleep }: TaskScope, started?: Started<void>) => {
            order.push(name);
            await sleep(5);
            started?.();
            await sleep(5);
          };
        group.createTask(work("a"));
        const starting = group.start(work("b"));
        group.createTask(work("c"));
        await starting;
        order.push(`started at ${now()}`);
      }),
    );
    expect(order).toEqual(["a", "b", "started at 15", "c"]);
  });

  it("ME-13 a member that fails before it started gives its slot back", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        const failed = errorOf(group.start(() => Promise.reject(new Error("no"))));
        group.createTask(() => void order.push("next"));
        await failed;
      }),
    );
    expect(order).toEqual(["next"]);
  });
});
