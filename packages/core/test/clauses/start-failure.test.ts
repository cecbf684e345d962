import {
  CancelledError,
  type ExceptionGroup,
  InvalidStateError,
  KeyboardInterrupt,
  type TaskGroup,
  type TaskScope,
} from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

type Started<T> = (value: T) => void;

describe("ME-13 before started() the member belongs to the caller", () => {
  it.each([new Error("EADDRINUSE"), undefined, null, 0, ""])(
    "ME-13 c.2 #11 its failure rejects start() bare and isn't the group's: %s",
    async (thrown) => {
      const { run, taskGroup } = virtualRuntime();
      let group!: TaskGroup;
      const value = await run(() =>
        taskGroup(async (scope) => {
          group = scope;
          const outcome = await outcomeOf(
            group.start(async ({ sleep }) => {
              await sleep(1);
              throw thrown;
            }),
          );
          expect(outcome).toEqual({ error: thrown });
          expect([group.isCancelled(), group.size]).toEqual([false, 0]);
          return "fine";
        }),
      );
      expect(value).toBe("fine");
    },
  );

  it("ME-13 a synchronous throw likewise", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const call = group.start(() => {
          throw new Error("sync");
        });
        expect(await errorOf(call)).toEqual(new Error("sync"));
      }),
    );
  });

  it("ME-13 (Trio) a second try on another port works", async () => {
    const { run, taskGroup } = virtualRuntime();
    const listen =
      (port: number) =>
      async ({ sleep }: TaskScope, started: Started<number>) => {
        if (port === 80) throw new Error("EACCES");
        started(port);
        await sleep(10);
      };
    const port = await run(() =>
      taskGroup(async (group) => {
        try {
          return await group.start(listen(80));
        } catch {
          return await group.start(listen(8080));
        }
      }),
    );
    expect(port).toBe(8080);
  });

  it("ME-13 its siblings go on", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const sibling = group.createTask(({ sleep }) => sleep(20).then(() => "done"));
        await errorOf(group.start(() => Promise.reject(new Error("no"))));
        expect(await sibling).toBe("done");
      }),
    );
    expect(now()).toBe(20);
  });

  it("ME-13 a KeyboardInterrupt rejects start() bare like any failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const interrupt = new KeyboardInterrupt("stop");
    await run(() =>
      taskGroup(async (group) => {
        expect(await errorOf(group.start(() => Promise.reject(interrupt)))).toBe(interrupt);
        expect(group.isCancelled()).toBe(false);
      }),
    );
  });

  it("ME-13 a policy and onFailure don't hear of it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const hook = vi.fn(() => "continue" as const);
    for (const options of [{ policy: { onSettled: hook } }, { onFailure: hook }]) {
      await run(() => taskGroup(options, (group) => errorOf(group.start(() => Promise.reject(new Error("no"))))));
    }
    expect(hook).not.toHaveBeenCalled();
  });

  it("ME-13 a failure that the caller doesn't catch is the caller's", async () => {
    const { run, taskGroup } = virtualRuntime();
    const no = new Error("no");
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          await group.start(() => Promise.reject(no), { name: "srv" });
        }),
      ),
    );
    expect((error as ExceptionGroup).failures).toEqual([{ error: no, task: undefined, also: [] }]);
  });

  it("ME-13 a failure that nobody waits for surfaces as an unhandled rejection, once", async () => {
    const { run, taskGroup } = virtualRuntime();
    const no = new Error("no");
    const seen = await unhandledDuring(() =>
      run(() => taskGroup((group) => void group.start(() => Promise.reject(no)))),
    );
    expect(seen).toEqual([no]);
  });

  it("ME-13 c.2 #13 ending without calling started() is an InvalidStateError, bare", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        expect(await errorOf(group.start(() => {}, { name: "srv" }))).toBeInstanceOf(InvalidStateError);
        expect(await errorOf(group.start(async () => "value"))).toBeInstanceOf(InvalidStateError);
        expect(group.isCancelled()).toBe(false);
      }),
    );
  });

  it("ME-13 calling it after the member has ended says so", async () => {
    const { run, taskGroup } = virtualRuntime();
    let late: Started<void> = () => {};
    await run(() =>
      taskGroup(async (group) => {
        await errorOf(group.start((_, started: Started<void>) => void (late = started), { name: "server" }));
      }),
    );
    expect(() => late()).toThrow('task "server" called started() after it had ended');
  });

  it("ME-13 c.2 #13 calling it twice is an InvalidStateError in the member, which has started all the same", async () => {
    const { run, taskGroup } = virtualRuntime();
    let value: unknown;
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          value = await group.start((_, started: Started<number>) => {
            started(1);
            started(2);
          });
        }),
      ),
    );
    expect(value).toBe(1);
    expect((error as ExceptionGroup).errors).toEqual([expect.any(InvalidStateError)]);
  });

  it("ME-13 calling it after the member has ended is an InvalidStateError", async () => {
    const { run, taskGroup } = virtualRuntime();
    let late!: Started<number>;
    await run(() =>
      taskGroup(async (group) => {
        await errorOf(group.start((_, started: Started<number>) => void (late = started)));
        expect(() => late(1)).toThrow(InvalidStateError);
      }),
    );
    expect(() => late(1)).toThrow(InvalidStateError);
  });

  it.each([
    ["queued", { limit: 1 }],
    ["running", {}],
  ] as const)("ME-13 cancellation of a member that is %s rejects start() with the reason", async (state, options) => {
    const { run, taskGroup } = virtualRuntime();
    const fn = vi.fn(({ sleep }: TaskScope) => sleep(1000));
    await run(() =>
      taskGroup(options, async (group) => {
        group.createTask(({ sleep }) => sleep(1000));
        const starting = errorOf(group.start(fn));
        await group.sleep(1);
        group.cancel("enough");
        const reason = await starting;
        expect(reason).toBe(group.reason);
        expect(reason).toBeInstanceOf(CancelledError);
      }),
    );
    expect(fn).toHaveBeenCalledTimes(state === "queued" ? 0 : 1);
  });

  it("ME-13 a start that was cancelled and that nobody waits for is nobody's error", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup({ limit: 1 }, async (group) => {
          void group.start(({ sleep }) => sleep(1000));
          void group.start(({ sleep }) => sleep(1000));
          await group.sleep(1);
          group.cancel();
          void group.start(() => {});
        }),
      ),
    );
    expect(seen).toEqual([]);
  });

  it("ME-13 c.2 #12 cancelling whoever waits for start() doesn't cancel the destination group", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup(async (destination) => {
        let value: unknown;
        const starter = destination.moveOnAfter(10, async (scope) => {
          value = await scope.abortable(
            destination.start(async ({ sleep }, started: Started<string>) => {
              await sleep(30);
              started("late");
              await sleep(30);
            }),
          );
        });
        expect(await starter).toEqual({ timedOut: true });
        expect([value, destination.isCancelled(), destination.size]).toEqual([undefined, false, 1]);
      }),
    );
    expect(now()).toBe(60);
  });

  it("ME-13 c.2 #12 cancelling the destination group doesn't cancel whoever waits for start()", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (home) => {
        let destination!: TaskGroup;
        const other = home.taskGroup(async (group) => {
          destination = group;
          await group.sleep(1000);
        });
        const starter = home.createTask(async (scope) => {
          const error = await errorOf(destination.start(({ sleep }) => sleep(1000)));
          return [error === destination.reason, scope.isCancelled()];
        });
        await home.sleep(5);
        destination.cancel();
        await other;
        expect(await starter).toEqual([true, false]);
        expect(home.isCancelled()).toBe(false);
      }),
    );
  });
});
