import { type ExceptionGroup, KeyboardInterrupt, type TaskInfo } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";

const boom = new Error("boom");

describe("FF-4 supervision", () => {
  it("FF-4 a failure cancels nobody; the group waits for all and throws what failed at the end", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const second = new Error("second");
    let isDone = false;
    const error = (await run(() =>
      errorOf(
        taskGroup({ failFast: false }, async (group) => {
          group.createTask(() => Promise.reject(boom));
          group.createTask(({ sleep }) => sleep(20).then(() => Promise.reject(second)));
          group.createTask(({ sleep }) => sleep(40).then(() => (isDone = true)));
          await group.sleep(30);
          expect(group.isCancelled()).toBe(false);
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, isDone, now()]).toEqual([[boom, second], true, 40]);
  });

  it("FF-4 with onFailure each failure goes there, with its task, and isn't kept", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen: [unknown, TaskInfo][] = [];
    const value = await run(() =>
      taskGroup({ name: "g", onFailure: (error, task) => void seen.push([error, task]) }, async (group) => {
        group.createTask(() => Promise.reject(boom), { name: "a" });
        group.createTask(() => Promise.reject(new Error("b")), { name: "b" });
        await group.idle();
        return 7;
      }),
    );
    expect(value).toBe(7);
    expect(seen.map(([error, task]) => [(error as Error).message, task.path])).toEqual([
      ["boom", ["g", "a"]],
      ["b", ["g", "b"]],
    ]);
  });

  it("FF-4 the error list of a long-lived group with onFailure doesn't grow", async () => {
    const { taskGroup } = virtualRuntime();
    await taskGroup({ onFailure: () => {} }, async (group) => {
      let error: WeakRef<Error> | undefined;
      group.createTask(() => {
        const fresh = new Error("fresh");
        error = new WeakRef(fresh);
        throw fresh;
      });
      await group.idle();
      expect(await isCollected(error as never)).toBe(true);
    });
  });

  it.each([{ failFast: false }, { onFailure: () => {} }])("FF-4 a failing body still cancels: %o", async (options) => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup(options, async (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          await group.sleep(10);
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, now()]).toEqual([[boom], 10]);
  });

  it("FF-4 an onFailure that throws is itself a failure that cancels", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const broken = new Error("broken handler");
    const error = (await run(() =>
      errorOf(
        taskGroup(
          {
            onFailure() {
              throw broken;
            },
          },
          (group) => {
            group.createTask(({ sleep }) => sleep(1000));
            group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)));
          },
        ),
      ),
    )) as ExceptionGroup;
    expect([error.errors, now()]).toEqual([[broken], 10]);
  });

  it("FF-4 an onFailure that rethrows what it got makes one failure with its task", async () => {
    const { run, taskGroup } = virtualRuntime();
    const onFailure = (error: unknown) => {
      throw error;
    };
    const error = (await run(() =>
      errorOf(
        taskGroup({ onFailure }, (group) => void group.createTask(() => Promise.reject(boom), { name: "culprit" })),
      ),
    )) as ExceptionGroup;
    expect(error.failures.map(({ error: leaf, task }) => [leaf, task?.name])).toEqual([[boom, "culprit"]]);
  });

  it.each([{ failFast: false }, { onFailure: () => {} }])(
    "FF-4 ER-5 a fatal error cancels under %o too",
    async (options) => {
      const { run, taskGroup, now } = virtualRuntime();
      const fatal = new KeyboardInterrupt();
      const outcome = await run(() =>
        outcomeOf(
          taskGroup(options, (group) => {
            group.createTask(({ sleep }) => sleep(1000));
            group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(fatal)));
          }),
        ),
      );
      expect([outcome, now()]).toEqual([{ error: fatal }, 10]);
    },
  );

  it("FF-4 onFailure beside failFast: true is a TypeError before anything starts", async () => {
    const { run, taskGroup } = virtualRuntime();
    let ran = false;
    const error = await run(() => errorOf(taskGroup({ failFast: true, onFailure: () => {} }, () => void (ran = true))));
    expect(error).toBeInstanceOf(TypeError);
    expect(ran).toBe(false);
  });
});
