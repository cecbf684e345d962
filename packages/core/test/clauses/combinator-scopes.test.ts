import {
  ExceptionGroup,
  InvalidStateError,
  type Scope,
  type Settled,
  type TaskInfo,
  type TaskScope,
} from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing, broken, failuresOf, rest } from "./combinator-fixtures.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-10 gather is a method of every scope", () => {
  it("CO-10 scope.gather is nested under the scope, works destructured, and is cancelled with it", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const controller = new AbortController();
    const paths: unknown[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(5).then(() => controller.abort(stop));
        return taskGroup({ name: "root", signal: controller.signal }, ({ gather }) =>
          gather({ a: ({ path, sleep: nap }) => (paths.push(path), nap(1000)) }, { name: "g" }),
        );
      }),
    );
    expect([error, paths]).toEqual([stop, [["root", "g", "a"]]]);
  });

  it("CO-10 the scope waits for it, also if nobody awaits it, and an inner failure is one failure (CO-1)", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() => taskGroup((group) => void group.gather([after(25, 1)])));
    expect(now()).toBe(25);
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.createTask(({ gather }) => gather([failing(1, boom)]), { name: "outer" });
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([[expect.any(ExceptionGroup), "outer"]]);
  });

  it("CO-10 a scope that has ended refuses it", async () => {
    const { run, taskGroup } = virtualRuntime();
    const scope = await run(() => taskGroup((group) => [group]));
    expect(await errorOf(scope[0]?.gather([() => 1]) as Promise<unknown>)).toBeInstanceOf(InvalidStateError);
  });

  it("CO-10 from outside it takes `parent` and `signal`", async () => {
    const { run, taskGroup, gather } = virtualRuntime();
    const path = await run(() =>
      taskGroup({ name: "root" }, (parent) => gather([({ path: own }) => own], { parent, name: "g" })),
    );
    expect(path).toEqual([["root", "g", "0"]]);
  });
});

describe("DX-5 gather keeps the caller's frames", () => {
  const { run, gather } = virtualRuntime();
  it.each([
    ["a failure", () => gather([failing(1, boom)])],
    ["a deadline", () => gather([after(1000, 1)], { timeout: 5 })],
    ["a deadline with settled", () => gather([after(1000, 1)], { timeout: 5, settled: true })],
  ])("DX-5 after %s", async (_, call) => {
    const error = await run(async function theProgram() {
      async function theCallersFrame() {
        await call();
      }
      return await errorOf(theCallersFrame());
    });
    expect((error as Error).stack).toContain("theCallersFrame");
  });
});

describe("CO-10 firstSuccess is a method of every scope", () => {
  it("CO-10 scope.firstSuccess is nested under the scope, works destructured, and is cancelled with it", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const controller = new AbortController();
    const paths: unknown[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(5).then(() => controller.abort(stop));
        return taskGroup({ name: "root", signal: controller.signal }, ({ firstSuccess }) =>
          firstSuccess([({ path, sleep: nap }) => (paths.push(path), nap(1000))], { name: "race" }),
        );
      }),
    );
    expect([error, paths]).toEqual([stop, [["root", "race", "0"]]]);
  });

  it("CO-10 from outside it takes `parent`, which waits for it", async () => {
    const { run, taskGroup, firstSuccess, now } = virtualRuntime();
    await run(() => taskGroup((parent) => void firstSuccess([after(25, 1)], { parent })));
    expect(now()).toBe(25);
  });

  it("DX-5 the error keeps the caller's frames", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const error = await run(async function theProgram() {
      async function theCallersFrame() {
        await firstSuccess([failing(1, boom)]);
      }
      return await errorOf(theCallersFrame());
    });
    expect((error as Error).stack).toContain("theCallersFrame");
  });
});

describe("CO-10 asCompleted is a method of every scope", () => {
  it("CO-10 scope.asCompleted is nested under the scope and works destructured", async () => {
    const { run, taskGroup } = virtualRuntime();
    const paths = await run(() =>
      taskGroup({ name: "root" }, async ({ asCompleted }) => {
        const seen: unknown[] = [];
        for await (const { task } of asCompleted([() => 1], { name: "g" })) seen.push(task.path);
        return seen;
      }),
    );
    expect(paths).toEqual([["root", "g", "0"]]);
  });

  it("CO-10 it is cancelled with the scope, by its reason", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const { signal, abort } = watchedSignal();
    const seen: unknown[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => abort(stop));
        return taskGroup({ signal }, async (group) => {
          seen.push(await errorOf(rest(group.asCompleted([after(1000, 1)]))));
        });
      }),
    );
    expect([error, seen]).toEqual([stop, [stop]]);
  });

  it("CO-10 a scope that was cancelled, or ended, before the first next(): the reason, or an InvalidStateError", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fn = vi.fn();
    let scope!: Scope;
    const iterators = await run(() =>
      taskGroup((group) => {
        scope = group;
        return [group.asCompleted([fn])];
      }),
    );
    expect(await errorOf((iterators[0] as AsyncIterator<unknown>).next())).toBeInstanceOf(InvalidStateError);
    expect(() => scope.asCompleted([fn])).toThrow(InvalidStateError);
    await run(() =>
      taskGroup(async (group) => {
        const iterator = group.asCompleted([fn]);
        group.cancel();
        expect(await errorOf(iterator.next())).toBe(group.reason);
      }),
    );
    expect(fn).not.toHaveBeenCalled();
    expect.assertions(4);
  });

  it("CO-10 from outside it takes `parent`, which waits for it while somebody iterates", async () => {
    const { run, taskGroup, asCompleted, now } = virtualRuntime();
    await run(() => taskGroup((parent) => rest(asCompleted([after(25, 1)], { parent }))));
    expect(now()).toBe(25);
  });
});

describe("DX-5 asCompleted keeps the caller's frames", () => {
  it("DX-5 in the error of next()", async () => {
    const { run, asCompleted } = virtualRuntime();
    const error = await run(async function theProgram() {
      async function theCallersFrame() {
        for await (const _ of asCompleted([after(1000, 1)], { timeout: 5 }));
      }
      return await errorOf(theCallersFrame());
    });
    expect((error as Error).stack).toContain("theCallersFrame");
  });

  it("DX-5 in the error of a break", async () => {
    const { run, asCompleted } = virtualRuntime();
    const error = await run(async function theProgram() {
      async function theCallersFrame() {
        for await (const _ of asCompleted([after(1, 1), broken(boom)])) break;
      }
      return await errorOf(theCallersFrame());
    });
    expect((error as Error).stack).toContain("theCallersFrame");
  });
});

describe("CO-10 map is a method of every scope", () => {
  it("CO-10 scope.map is nested under the scope and works destructured", async () => {
    const { run, taskGroup } = virtualRuntime();
    const paths = await run(() =>
      taskGroup({ name: "root" }, ({ map }) => map([1], (_, { path }) => [path[0], path[2]]).toArray()),
    );
    expect(paths).toEqual([["root", "0"]]);
  });

  it("CO-10 it is cancelled with the scope, by its reason", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const { signal, abort } = watchedSignal();
    const seen: unknown[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => abort(stop));
        return taskGroup({ signal }, async (group) => {
          seen.push(await errorOf(group.map([1000], (ms, task) => task.sleep(ms)).toArray()));
        });
      }),
    );
    expect([error, seen]).toEqual([stop, [stop]]);
  });

  it("CO-10 the scope waits for a toArray() that nobody awaits", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const ended = vi.fn();
    await run(() =>
      taskGroup((group) => {
        void group
          .map([25], (ms, task) => task.sleep(ms))
          .toArray()
          .then(ended);
      }),
    );
    expect([now(), ended.mock.calls]).toEqual([25, [[[undefined]]]]);
  });

  it("CO-10 a scope that has ended refuses it, at the call and at the first next()", async () => {
    const { run, taskGroup } = virtualRuntime();
    const [scope, results] = await run(() => taskGroup((group) => [group, group.map([1], (n) => n)] as const));
    expect(() => scope.map([1], (n) => n)).toThrow(InvalidStateError);
    expect(await errorOf(results.next())).toBeInstanceOf(InvalidStateError);
    expect(await errorOf(results.toArray())).toBeInstanceOf(InvalidStateError);
  });

  it("CO-10 from outside it takes `parent`", async () => {
    const { run, taskGroup, map } = virtualRuntime();
    const path = await run(() =>
      taskGroup({ name: "root" }, (parent) => map([1], (_, task) => task.path[0], { parent }).toArray()),
    );
    expect(path).toEqual(["root"]);
  });

  it("CO-10 it runs on deadlines and shields as well as on groups and tasks", async () => {
    const { run, taskGroup } = virtualRuntime();
    const sums = await run(() =>
      taskGroup((group) =>
        group.shield((shield) => shield.failAfter(1000, (deadline) => deadline.map([1, 2], (n) => n + 1).toArray())),
      ),
    );
    expect(sums).toEqual([2, 3]);
  });
});

describe("DX-5 `debug: true` says where the members were created: where the combinator was called", () => {
  const { run, taskGroup } = virtualRuntime();
  const bad = () => Promise.reject(boom);
  it.each<[string, (scope: Scope) => Promise<unknown>]>([
    ["gather", async ({ gather }) => await gather([bad])],
    ["firstSuccess", async ({ firstSuccess }) => await firstSuccess([bad])],
    ["map", async ({ map }) => await map([1], bad).toArray()],
    ["asCompleted", async ({ asCompleted }) => await asCompleted([bad]).next()],
  ])("DX-5 %s", async (_, call) => {
    const createdAt = await run(() =>
      taskGroup({ debug: true }, async function theCaller(group) {
        const outcome = await call(group).catch((error: ExceptionGroup) => [...error.leaves()][0]);
        return ((outcome as IteratorYieldResult<Settled<unknown>>).value ?? outcome) as { readonly task: TaskInfo };
      }),
    );
    expect(createdAt.task.createdAt).toContain("theCaller");
  });

  it("DX-5 asCompleted: not where next() was first called", async () => {
    const { asCompleted } = virtualRuntime();
    const iterator = (function theCaller() {
      return asCompleted([() => 1], { debug: true });
    })();
    const { task } = (await iterator.next()).value as Settled<number>;
    expect(task.createdAt).toContain("theCaller");
  });
});

describe("DX-5 map keeps the caller's frames", () => {
  const { run, map } = virtualRuntime();
  const failAt1 = async (n: number, task: TaskScope) => {
    await task.sleep(n);
    if (n === 1) throw boom;
  };
  it.each([
    [
      "a loop",
      async function theCallersFrame() {
        for await (const _ of map([1, 2], failAt1));
      },
    ],
    [
      "toArray()",
      async function theCallersFrame() {
        await map([1, 2], failAt1).toArray();
      },
    ],
    [
      "a deadline",
      async function theCallersFrame() {
        await map([1000], failAt1, { timeout: 5 }).toArray();
      },
    ],
  ])("DX-5 in the error of %s", async (_, theCallersFrame) => {
    const error = await run(async function theProgram() {
      return await errorOf(theCallersFrame());
    });
    expect((error as Error).stack).toContain("theCallersFrame");
    expect((error as Error).stack).toContain("theProgram");
  });
});
