import { BaseException, BaseExceptionGroup, ExceptionGroup, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("OUT what a block settles with", () => {
  it("OUT-2 any failure makes an ExceptionGroup: members as they settled, then the body, then cleanups", async () => {
    const { run, taskGroup } = virtualRuntime();
    const [first, second, body, last, before] = ["1", "2", "body", "last", "before"].map((text) => new Error(text));
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.defer(() => Promise.reject(last));
          group.defer(() => Promise.reject(before));
          group.createTask(async (task) => {
            await task.sleep(1000).catch(() => {});
            await task.shield((shield) => shield.sleep(20));
            throw second;
          });
          group.createTask(async (task) => {
            await task.sleep(1000).catch(() => {});
            throw first;
          });
          await group.sleep(1);
          throw body;
        }),
      ),
    )) as ExceptionGroup;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.errors).toEqual([first, second, body, before, last]);
    expect(error.cause).toBeUndefined();
  });

  it("OUT-2 makes a BaseExceptionGroup if a leaf is some other BaseException", async () => {
    const { run, taskGroup } = virtualRuntime();
    class Halt extends BaseException {}
    const halt = new Halt();
    const error = (await run(() =>
      errorOf(taskGroup((group) => group.taskGroup((inner) => void inner.createTask(() => Promise.reject(halt))))),
    )) as BaseExceptionGroup;
    expect(error).toBeInstanceOf(BaseExceptionGroup);
    expect(error).not.toBeInstanceOf(ExceptionGroup);
    expect([...error.leaves()].map((leaf) => leaf.error)).toEqual([halt]);
  });

  it.each([
    ["an error", stop],
    ["null", null],
    ["a string", "stop"],
    ["zero", 0],
  ])("OUT-2 the cause is the outside reason, here %s", async (_title, reason) => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = (await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(reason);
          await group.sleep(1).catch(() => {});
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(Object.hasOwn(error, "cause")).toBe(true);
    expect(error.cause).toBe(reason);
  });

  it("OUT-2 the cause is the TimeoutError if the deadline ended somebody", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ timeout: 10 }, async (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          await group.sleep(1000).catch(() => {});
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(error.cause).toBeInstanceOf(TimeoutError);
  });

  it("OUT-2 no cause is made up for a group that failed by itself, or was cancelled by group.cancel()", async () => {
    const { run, taskGroup } = virtualRuntime();
    const own = (await run(() =>
      errorOf(taskGroup({ timeout: 10 }, (group) => void group.createTask(() => Promise.reject(boom)))),
    )) as Error;
    const ended = (await run(() =>
      errorOf(
        taskGroup({ timeout: 10 }, (group) => {
          group.cancel(stop);
          throw boom;
        }),
      ),
    )) as Error;
    expect([own.cause, ended.cause]).toEqual([undefined, undefined]);
  });

  it.each([
    ["while the body runs", 0],
    ["while members drain after group.cancel()", 1],
    ["while members drain after the deadline", 2],
    ["while only a cleanup is left", 3],
  ])("OUT-3 an outside cancellation %s comes out unchanged", async (_title, when) => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal, ...(when === 2 ? { timeout: 5 } : {}) }, async (group) => {
          group.createTask(async (task) => {
            if (when !== 3) await task.shield(({ sleep }) => sleep(10));
            if (when !== 3) outside.abort(stop);
          });
          group.defer(() => void (when === 3 && outside.abort(stop)));
          if (when !== 0) await group.sleep(1);
          if (when === 1) group.cancel("enough");
          if (when === 0) outside.abort(stop);
          return 7;
        }),
      ),
    );
    expect(outcome).toEqual({ error: stop });
  });

  it("OUT-3 c.2 #2 an outside cancellation that arrives while a cancelled group drains isn't dropped", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, (outer) =>
          outer.taskGroup(async (inner) => {
            inner.createTask((task) => task.shield(({ sleep }) => sleep(20)));
            await inner.sleep(1);
            inner.cancel();
            await inner.shield(({ sleep }) => sleep(10));
            outside.abort(stop);
          }),
        ),
      ),
    );
    expect(error).toBe(stop);
  });

  it.each([null, 0, "", Number.NaN, undefined])("OUT-3 the reason %s is a reason like any other", async (reason) => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, (group) => {
          outside.abort(reason);
          return group.sleep(1);
        }),
      ),
    );
    expect(outcome).toEqual({ error: outside.signal.reason as unknown });
  });

  it("OUT-3 an outside cancellation after the block settled changes nothing", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    expect(
      await run(async () => {
        const block = taskGroup({ signal: outside.signal }, () => 7);
        const value = await block;
        outside.abort(stop);
        return [value, await block];
      }),
    ).toEqual([7, 7]);
  });

  it.each(["body", "foreground member"])("OUT-4 a deadline that cut the %s short is a TimeoutError", async (who) => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        taskGroup({ timeout: 10 }, async (group) => {
          if (who === "body") await group.sleep(1000);
          else group.createTask(({ sleep }) => sleep(1000));
          return 7;
        }),
      ),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(now()).toBe(10);
  });

  it("OUT-4 a deadline that only cut background members short leaves the value", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup({ timeout: 10 }, async (group) => {
        group.createTask(({ sleep }) => sleep(1000), { background: true });
        await group.sleep(20).catch(() => {});
        return 7;
      }),
    );
    expect(value).toBe(7);
  });

  it("OUT-4 a deadline that passes while a cancelled group drains makes no TimeoutError", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup({ timeout: 10 }, (group) => {
        group.createTask((task) => task.shield(({ sleep }) => sleep(50)));
        void group.shield(({ sleep }) => sleep(5)).then(() => group.cancel());
        return 7;
      }),
    );
    expect(value).toBe(7);
  });

  it("OUT-5 the body's value comes out, also when group.cancel() ended the members", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup((group) => {
        group.createTask(({ sleep }) => sleep(1000));
        group.cancel();
        return 7;
      }),
    );
    expect(value).toBe(7);
  });

  it("OUT-5 undefined comes out if the body ended cancelled by group.cancel()", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup(async (group) => {
          group.cancel(new Error("enough"));
          await group.sleep(1);
          return 7;
        }),
      ),
    );
    expect(outcome).toEqual({ value: undefined });
  });
});
