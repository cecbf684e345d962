import { CancelledError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CA-12 and CA-13 callbacks", () => {
  it("CA-12 abort callbacks that throw don't stop the others from being cancelled; what they threw is reported", async () => {
    const { run, taskGroup, reports, now } = virtualRuntime();
    let told = 0;
    const value = await run(() =>
      taskGroup(async (group) => {
        for (const name of ["a", "b", "c"]) {
          group.createTask(
            (task) => {
              task.onCancel(() => {
                throw new Error(name);
              });
              task.onCancel(() => void told++);
              return task.sleep(1000);
            },
            { name },
          );
        }
        await group.sleep(10);
        group.cancel();
        return 7;
      }),
    );
    expect([value, told, now()]).toEqual([7, 3, 10]);
    expect(reports.map(({ error, tasks }) => [(error as Error).message, tasks[0]?.name])).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["c", "c"],
    ]);
  });

  it("CA-12 a callback that throws is not a failure of the group", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, (group) => {
          group.onCancel(() => {
            throw boom;
          });
          outside.abort(stop);
        }),
      ),
    );
    expect([error, reports.map((report) => report.error)]).toEqual([stop, [boom]]);
  });

  it("CA-12 a throwing listener on scope.signal stops nobody; the platform reports it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const thrown: unknown[] = [];
    const others = process.listeners("uncaughtException");
    const note = (error: unknown) => void thrown.push(error);
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", note);
    let told = 0;
    try {
      await run(() =>
        taskGroup(async (group) => {
          for (let n = 0; n < 2; n++) {
            group.createTask((task) => {
              task.signal.addEventListener("abort", () => {
                throw boom;
              });
              task.signal.addEventListener("abort", () => void told++);
              return task.sleep(1000);
            });
          }
          await group.sleep(1);
          group.cancel();
        }),
      );
    } finally {
      process.off("uncaughtException", note);
      for (const other of others) process.on("uncaughtException", other);
    }
    expect([told, thrown]).toEqual([2, [boom, boom]]);
  });

  it("CA-13 onCancel on a scope that is cancelled already fires on a microtask, with the reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: unknown[] = [];
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        group.onCancel((reason) => order.push(reason));
        order.push("synchronous");
        await Promise.resolve();
        order.push("later");
      }),
    );
    expect(order).toEqual(["synchronous", expect.any(CancelledError), "later"]);
  });

  it("CA-13 a callback that is taken back doesn't fire, nor one of a scope that is never cancelled", async () => {
    const { run, taskGroup, settle } = virtualRuntime();
    let fired = 0;
    const count = () => void fired++;
    await run(async () => {
      await taskGroup((group) => {
        group.onCancel(count);
        group.onCancel(count)();
      });
      await taskGroup((group) => {
        const stopIt = group.onCancel(count);
        group.onCancel(count)[Symbol.dispose]();
        stopIt();
        group.cancel();
        group.onCancel(count)();
      });
    });
    await settle();
    expect(fired).toBe(0);
  });

  it("CA-13 CA-12 what such a late callback throws is reported as well", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.cancel();
        group.onCancel(() => {
          throw boom;
        });
      }),
    );
    expect(reports.map((report) => report.error)).toEqual([boom]);
  });

  it("CA-13 onCancel refuses what isn't a function", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() => taskGroup((group) => expect(() => group.onCancel(5 as never)).toThrow(TypeError)));
  });
});
