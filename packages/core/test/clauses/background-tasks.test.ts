import { CancelledError, KeyboardInterrupt, SystemExit, type TaskInfo, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { boom, forEver, ignore, services, soon } from "./services.ts";
import { unhandledDuring } from "./unhandled.ts";

describe("CO-6 a service of a set of background tasks", () => {
  it("CO-6 starts on a microtask and is a real promise that says what a task says", async () => {
    const { run, open, onError, inspectTasks } = services({ name: "set" });
    await run(async () => {
      const set = open();
      const hold = gate();
      const task = set.add(() => hold.promise, { name: "beat", onError });
      expect(task).toBeInstanceOf(Promise);
      expect([task.state, set.size, task.name, task.path]).toEqual(["pending", 1, "beat", ["set", "beat"]]);
      await soon();
      expect([task.state, inspectTasks()[0]?.children[0]?.id]).toEqual(["running", task.id]);
      hold.open();
      expect(await task).toBeUndefined();
      expect([task.state, set.size, task.cancel()]).toEqual(["done", 0, false]);
      await set.shutdown();
    });
    expect(inspectTasks()).toEqual([]);
  });

  it("CO-6 resolves with nothing, whatever its function gives", async () => {
    const { run, open, onError } = services();
    await run(async () => {
      const set = open();
      expect(await outcomeOf(set.add(() => "value", { name: "beat", onError }))).toEqual({ value: undefined });
      await set.shutdown();
    });
  });

  it("CO-6 the set's name defaults to BackgroundTasks-N (ME-8)", async () => {
    const { run, open, inspectTasks } = services();
    await run(async () => {
      const [a, b] = [open(), open()];
      const names = inspectTasks().map(({ name, id, kind }) => [name, `BackgroundTasks-${id}`, kind]);
      expect(names.map(([name, expected]) => name === expected)).toEqual([true, true]);
      expect(names.map(([, , kind]) => kind)).toEqual(["group", "group"]);
      await Promise.all([a.shutdown(), b.shutdown()]);
    });
  });

  it("CO-6 everything of the set works destructured", async () => {
    const { run, open, onError, now } = services();
    await run(async () => {
      const { add, shutdown } = open();
      void add(({ sleep }) => sleep(10), { name: "a", onError });
      await shutdown({ cancelAfter: 100 });
    });
    expect(now()).toBe(10);
  });

  it.each([boom, undefined, null, 0, ""])(
    "CO-6 its failure goes to onError, rejects its promise and leaves the others alone: %s",
    async (thrown) => {
      const { run, open, told, onError, now } = services();
      const seen = await unhandledDuring(() =>
        run(async () => {
          const set = open();
          const failing = set.add(({ sleep }) => sleep(10).then(() => Promise.reject(thrown)), { name: "a", onError });
          const other = set.add(({ sleep }) => sleep(30), { name: "b", onError });
          await other;
          expect([failing.state, other.state]).toEqual(["failed", "done"]);
          expect(await outcomeOf(failing)).toEqual({ error: thrown });
          await set.shutdown();
        }),
      );
      expect([told, now(), seen]).toEqual([[[thrown, "a", 10]], 30, []]);
    },
  );

  it("CO-6 a synchronous throw is its failure, never one of add()", async () => {
    const { run, open, told, onError } = services();
    await run(async () => {
      const set = open();
      const fails = (): never => {
        throw boom;
      };
      expect(await errorOf(set.add(fails, { name: "a", onError }))).toBe(boom);
      await set.shutdown();
    });
    expect(told).toEqual([[boom, "a", 0]]);
  });

  it("CO-6 onError gets the task with its path", async () => {
    const { run, open } = services({ name: "set" });
    const infos: TaskInfo[] = [];
    await run(async () => {
      const set = open();
      const own: TaskInfo[] = [];
      const fails = ({ id, name, path }: TaskScope): Promise<never> => {
        own.push({ id, name, path });
        return Promise.reject(boom);
      };
      await errorOf(set.add(fails, { name: "beat", onError: (_, info) => void infos.push(info) }));
      expect(infos).toEqual(own);
      await set.shutdown();
    });
    expect(infos.map(({ name, path }) => [name, path])).toEqual([["beat", ["set", "beat"]]]);
  });

  it("CO-6 its own cancellation is no failure; one that it had from elsewhere is (ME-11)", async () => {
    const { run, open, told, onError, detach } = services();
    const elsewhere = { reason: undefined as unknown };
    await run(async () => {
      const set = open();
      const own = set.add(forEver, { name: "own", onError });
      const other = set.add(
        async () => {
          const task = detach(forEver);
          task.cancel();
          elsewhere.reason = await errorOf(task);
          throw elsewhere.reason;
        },
        { name: "other", onError },
      );
      expect(await errorOf(other)).toBe(elsewhere.reason);
      expect([own.cancel("why"), other.state]).toEqual([true, "failed"]);
      expect(await errorOf(own)).toMatchObject({ name: "AbortError", cause: "why" });
      expect(own.state).toBe("cancelled");
      await set.shutdown();
    });
    expect(elsewhere.reason).toBeInstanceOf(CancelledError);
    expect(told).toEqual([[elsewhere.reason, "other", 0]]);
  });

  it("CO-6 what it throws while it is cancelled goes to onError, too (ME-7)", async () => {
    const { run, open, told, onError } = services();
    await run(async () => {
      const set = open();
      const restart = { on: "always", delay: 10 } as const;
      const task = set.add(({ sleep }) => sleep(100).catch(() => Promise.reject(boom)), {
        name: "a",
        onError,
        restart,
      });
      await soon();
      task.cancel();
      expect([await errorOf(task), task.state]).toEqual([boom, "failed"]);
      await set.shutdown();
    });
    expect(told).toEqual([[boom, "a", 0]]);
  });

  it("CO-6 one that swallows its cancellation is done, and isn't restarted", async () => {
    const { run, open, onError, now } = services();
    await run(async () => {
      const set = open();
      const task = set.add(({ sleep }) => sleep(100).catch(ignore), {
        name: "a",
        onError,
        restart: { on: "always", delay: 10 },
      });
      await soon();
      task.cancel();
      await task;
      expect([task.state, set.size]).toEqual(["done", 0]);
      await set.shutdown();
    });
    expect(now()).toBe(0);
  });

  it("CO-6 onError is told at once, while what the run opened still ends", async () => {
    const { run, open, told, onError, sleep } = services();
    await run(async () => {
      const set = open();
      const task = set.add(
        async (scope) => {
          void scope.taskGroup(() => sleep(50)).catch(ignore);
          await scope.sleep(10);
          throw boom;
        },
        { name: "a", onError },
      );
      await sleep(11);
      expect([told, task.state]).toEqual([[[boom, "a", 10]], "running"]);
      await errorOf(task);
      expect(task.state).toBe("failed");
      await set.shutdown();
    });
  });

  it.each([
    [
      "throws",
      (thrown: unknown) => {
        throw thrown;
      },
    ],
    ["rejects", (thrown: unknown) => Promise.reject(thrown) as unknown as void],
  ])("CO-6 an onError that %s is reported with the task, and the service goes on", async (_, broken) => {
    const { run, open, reports, now } = services({ name: "set" });
    const thrown = new Error("handler");
    const seen = await unhandledDuring(() =>
      run(async () => {
        const set = open();
        let runs = 0;
        await set.add(() => (runs++ < 2 ? Promise.reject(boom) : undefined), {
          name: "beat",
          onError: () => broken(thrown),
          restart: { on: "failure", delay: 10 },
        });
        expect(runs).toBe(3);
        await set.shutdown();
      }),
    );
    expect(reports.map(({ error, tasks }) => [error, tasks.map(({ path }) => path)])).toEqual([
      [thrown, [["set", "beat"]]],
      [thrown, [["set", "beat"]]],
    ]);
    expect([seen, now()]).toEqual([[], 20]);
  });

  it.each([new KeyboardInterrupt("stop"), new SystemExit(3)])(
    "CO-6 %s goes to onError, is never restarted and leaves the others alone",
    async (fatal) => {
      const { run, open, told, onError, sleep } = services();
      await run(async () => {
        const set = open();
        const restart = { on: "always", delay: 10 } as const;
        const task = set.add(() => Promise.reject(fatal), { name: "a", onError, restart });
        const other = set.add(forEver, { name: "b", onError });
        await sleep(100);
        expect([task.state, other.state, await errorOf(task)]).toEqual(["failed", "running", fatal]);
        await set.shutdown();
      });
      expect(told).toEqual([[fatal, "a", 0]]);
    },
  );

  it("CO-6 cancel() ends one alone, at once if it hasn't started, and its cleanup is waited for", async () => {
    const { run, open, onError, sleep, now } = services();
    await run(async () => {
      const set = open();
      const fn = vi.fn();
      const pending = set.add(fn, { name: "pending", onError });
      expect([pending.cancel(), pending.state, set.size]).toEqual([true, "cancelled", 0]);
      const other = set.add(forEver, { name: "other", onError });
      const task = set.add((scope) => linger(scope.sleep(1000), () => sleep(5)), { name: "task", onError });
      await soon();
      expect([task.cancel("first"), task.cancel("second")]).toEqual([true, true]);
      expect(((await errorOf(task)) as Error).cause).toBe("first");
      expect([task.state, task.cancel(), other.state, now()]).toEqual(["cancelled", false, "running", 5]);
      expect(fn).not.toHaveBeenCalled();
      await set.shutdown();
    });
  });

  it("CO-6 one that ignores its cancel() is reported after the grace, by name and path, once (CA-8)", async () => {
    const { run, open, onError, sleep, reports } = services({ name: "set" });
    await run(async () => {
      const set = open();
      const task = set.add(() => sleep(20_000), { name: "deaf", onError });
      await soon();
      task.cancel();
      await task;
      await set.shutdown();
    });
    expect(reports.map(({ warning }) => warning)).toEqual([
      'still running 5000 ms after task "deaf" was cancelled (AbortError: task "deaf" was cancelled): set > deaf (5000 ms old)',
    ]);
  });
});
