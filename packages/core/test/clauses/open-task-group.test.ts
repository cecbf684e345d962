import { ExceptionGroup, InvalidStateError, onlyError, TimeoutError } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("LC-5 join() ends an open group as taskGroup would", () => {
  it("LC-5 join() waits for every member", async () => {
    const { run, openTaskGroup, now, reports } = virtualRuntime();
    const states = await run(async () => {
      await using group = openTaskGroup();
      const tasks = [10, 30, 20].map((ms) => group.createTask(({ sleep }) => sleep(ms)));
      await group.join();
      return tasks.map(({ state }) => state);
    });
    expect([states, now(), reports]).toEqual([["done", "done", "done"], 30, []]);
  });

  it("LC-5 join() throws the failures as a group and cancels the siblings", async () => {
    const { run, openTaskGroup, now, reports } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup({ name: "jobs" });
        group.createTask(({ sleep }) => sleep(1000));
        group.createTask(() => Promise.reject(new Error("boom")), { name: "bad" });
        await group.join();
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).message).toBe('unhandled errors in TaskGroup "jobs" (1 sub-exception)');
    expect((error as ExceptionGroup).failures[0]?.task?.name).toBe("bad");
    expect([now(), reports]).toEqual([0, []]);
  });

  it("LC-5 join() rejects with an outside reason, unchanged, and with a TimeoutError on a deadline", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const controller = new AbortController();
    const outside = await errorOf(
      run(async () => {
        await using group = openTaskGroup({ signal: controller.signal });
        group.createTask(({ sleep }) => sleep(1000));
        controller.abort("outside");
        await group.join();
      }),
    );
    expect(outside).toBe("outside");
    const late = await errorOf(
      run(async () => {
        await using group = openTaskGroup({ timeout: 10 });
        group.createTask(({ sleep }) => sleep(1000));
        await group.join();
      }),
    );
    expect(late).toBeInstanceOf(TimeoutError);
  });

  it("LC-5 join() resolves after group.cancel()", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup();
      const task = group.createTask(({ sleep }) => sleep(1000));
      group.cancel();
      expect(await outcomeOf(group.join())).toEqual({ value: undefined });
      expect(task.state).toBe("cancelled");
    });
    expect(now()).toBe(0);
  });

  it("LC-5 while join() waits members may come (LC-3), and after it the group is finished (LC-2)", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup();
      group.createTask(async ({ sleep }) => {
        await sleep(10);
        group.createTask((task) => task.sleep(10));
      });
      await group.join();
      expect(() => group.createTask(() => {})).toThrow(InvalidStateError);
    });
    expect(now()).toBe(20);
  });

  it("LC-5 join() twice waits once and tells both", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup();
      group.createTask(() => Promise.reject(new Error("boom")));
      const [first, second] = [group.join(), group.join()];
      expect(onlyError(await errorOf(first))).toEqual(new Error("boom"));
      expect(await errorOf(second)).toBe(await errorOf(first));
    });
  });

  it("LC-5 disposal after join() does nothing", async () => {
    const { run, openTaskGroup, reports, now } = virtualRuntime();
    await run(async () => {
      const group = openTaskGroup();
      const task = group.createTask(({ sleep }) => sleep(10));
      await group.join();
      await group.close();
      await group[Symbol.asyncDispose]();
      expect(task.state).toBe("done");
    });
    expect([reports, now()]).toEqual([[], 10]);
  });

  it("LC-5 disposal after a join() that threw doesn't throw again", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    await run(async () => {
      const group = openTaskGroup();
      group.createTask(() => Promise.reject(new Error("boom")));
      await errorOf(group.join());
      expect(await outcomeOf(group.close())).toEqual({ value: undefined });
    });
  });

  it("LC-5 a join() that nobody awaited is waited for by the disposal, and cancels nobody", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    const state = await run(async () => {
      const group = openTaskGroup();
      const task = group.createTask(({ sleep }) => sleep(10));
      void group.join();
      await group.close();
      return task.state;
    });
    expect([state, now()]).toEqual(["done", 10]);
  });

  it("LC-5 join and close work destructured, like everything on a scope", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    await run(async () => {
      const { createTask, join, close } = openTaskGroup();
      createTask(({ sleep }) => sleep(5));
      await join();
      await close();
    });
    expect(now()).toBe(5);
  });
});

describe("LC-5 an open group is a scope in its place", () => {
  it("LC-5 (CO-10) it is cancelled with the scope that it was opened under, which waits for it", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      run(() => {
        void sleep(5).then(() => controller.abort("outside"));
        return taskGroup({ signal: controller.signal }, async (group) => {
          await using inner = group.openTaskGroup();
          inner.createTask((task) => task.sleep(1000));
          await inner.join();
        });
      }),
    );
    expect([error, now()]).toEqual(["outside", 5]);
  });

  it("LC-5 leaving without join() raises no unhandled rejection", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(({ sleep }) => sleep(1000));
        void group.createTask(({ sleep }) => sleep(1000)).then(() => {});
        await group.sleep(1);
      }),
    );
    expect(seen).toEqual([]);
  });

  it("LC-5 c.2 #24 a group that is cancelled and never joined keeps no timer, listener or member", async () => {
    const { openTaskGroup, advance, timers } = virtualRuntime();
    const controller = new AbortController();
    const add = vi.spyOn(controller.signal, "addEventListener");
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    const group = openTaskGroup({ signal: controller.signal, timeout: 60_000 });
    for (let n = 0; n < 100; n++) group.createTask(({ sleep }) => sleep(1000));
    await advance(1);
    group.cancel();
    await advance(10_000);
    expect([group.size, [...group.tasks]]).toEqual([0, []]);
    await advance(60_000);
    expect(timers()).toBe(0);
    controller.abort();
    expect(add.mock.calls.length).toBe(remove.mock.calls.length);
  });
});

describe("LC-5 an open group whose owner has ended was left", () => {
  it("LC-5 a task that ends without join() holds nobody up: the members are cancelled and named", async () => {
    const { run, taskGroup, now, reports } = virtualRuntime();
    const states: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.createTask(
          ({ openTaskGroup }) => {
            const pool = openTaskGroup({ name: "pool" });
            pool.createTask(({ sleep, onCancel }) => (onCancel(() => states.push("cancelled")), sleep(1000)), {
              name: "late",
            });
          },
          { name: "owner" },
        );
      }),
    );
    expect([states, now()]).toEqual([["cancelled"], 0]);
    expect(reports.map(({ warning }) => warning)).toEqual([
      expect.stringMatching(/"pool" was left without join\(\): cancelled .*owner > pool > late/),
    ]);
  });

  it("LC-5 however many there are", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.createTask(({ openTaskGroup }) => {
          for (let n = 0; n < 20_000; n++) openTaskGroup();
        });
      }),
    );
    expect(now()).toBe(0);
  });

  it("LC-5 a failure in it that nobody was given is reported", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.createTask(async ({ openTaskGroup, sleep }) => {
          const pool = openTaskGroup({ name: "pool" });
          pool.createTask(() => Promise.reject(new Error("boom")));
          await sleep(1).catch(() => {});
        });
      }),
    );
    expect(reports.map(({ error }) => onlyError(error))).toEqual([new Error("boom")]);
  });

  it("LC-5 a member may join what the body opened, after the body has ended", async () => {
    const { run, taskGroup, now, reports } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        const pool = group.openTaskGroup();
        pool.createTask(({ sleep }) => sleep(20));
        group.createTask(async ({ sleep }) => {
          await sleep(10);
          await pool.join();
        });
      }),
    );
    expect([now(), reports]).toEqual([20, []]);
  });

  it("LC-5 and ME-12: background members don't keep it open either", async () => {
    const { run, taskGroup, now, reports } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        group.openTaskGroup({ name: "pool" });
        group.createTask(({ sleep }) => sleep(1000), { background: true });
      }),
    );
    expect([now(), reports]).toEqual([0, []]);
  });
});
