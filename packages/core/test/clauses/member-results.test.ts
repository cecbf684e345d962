import { ExceptionGroup, type Task, type TaskScope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const falsy = [undefined, null, 0, "", false, Number.NaN] as const;

describe("ME-3 what fn returns and throws", () => {
  it("ME-3 a synchronous throw is a failure of the task, never of createTask", async () => {
    const { run, taskGroup } = virtualRuntime();
    for (const thrown of [new Error("sync"), ...falsy]) {
      let task: Task<never> | undefined;
      const error = await errorOf(
        run(() =>
          taskGroup((group) => {
            task = group.createTask(() => {
              throw thrown;
            });
          }),
        ),
      );
      expect(task?.state).toBe("failed");
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([thrown]);
    }
  });

  it("ME-3 a non-promise return value is the result", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = { then: "not a function" };
    expect(await run(() => taskGroup(async (group) => await group.createTask(() => value)))).toBe(value);
  });

  it("ME-3 a thenable is followed, also one that rejects, throws, or whose `then` can't be read", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: unknown[] = [];
    const thenables: PromiseLike<unknown>[] = [
      { then: (ok) => Promise.resolve("late").then(ok) as never },
      { then: (_ok, no) => void no?.("rejected") as never },
      {
        then: () => {
          throw "thrown";
        },
      },
      Object.defineProperty({}, "then", {
        get: () => {
          throw "unreadable";
        },
      }) as never,
    ];
    await run(() =>
      taskGroup({ onFailure: (error) => void seen.push(error) }, async (group) => {
        for (const thenable of thenables)
          await outcomeOf(group.createTask(() => thenable)).then((o) => "value" in o && seen.push(o.value));
      }),
    );
    expect(seen).toEqual(["late", "rejected", "thrown", "unreadable"]);
  });

  it("ME-3 the task's scope is its own: its name and path say so, and it is cancelled with the group", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup({ name: "g" }, async (group) => {
        let scope!: TaskScope;
        const task = group.createTask((own) => ((scope = own), own.sleep(10)), { name: "t" });
        await group.sleep(1);
        expect([scope.name, scope.path, scope.id]).toEqual(["t", ["g", "t"], task.id]);
        group.cancel();
        expect([scope.isCancelled(), scope.reason, scope.signal.aborted]).toEqual([true, group.reason, true]);
      }),
    );
  });
});
