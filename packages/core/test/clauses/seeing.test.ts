import { CancelledError, type Instrument, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

const boom = new Error("boom");
const stop = new Error("stop");
const unprintable = {
  toString(): string {
    throw boom;
  },
};

/** An instrument that writes down every hook that is called. */
function recorder() {
  const seen: [hook: string, name: string, ...rest: unknown[]][] = [];
  const instrument = new Proxy({} as Instrument, {
    get:
      (_target, hook) =>
      ({ name }: { name: string }, ...rest: unknown[]) =>
        void seen.push([String(hook), name, ...rest]),
  });
  return { seen, instrument, hooks: () => seen.map(([hook, name]) => `${hook} ${name}`) };
}

describe("DX-1 the live tree", () => {
  it("DX-1 inspectTasks() gives groups, tasks, deadlines and shields with name, state and age, as JSON", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    let tree: unknown;
    await run(() =>
      taskGroup({ name: "shop", limit: 2 }, async (group) => {
        group.createTask((task) => task.failAfter(100, ({ sleep }) => sleep(50)), { name: "till" });
        group.createTask((task) => task.shield(({ sleep }) => sleep(50)), { name: "door" });
        group.createTask(() => {}, { name: "queued" });
        await group.sleep(20);
        tree = JSON.parse(JSON.stringify(inspectTasks())) as unknown;
      }),
    );
    const info = { id: expect.any(Number) as number, path: expect.any(Array) as string[] };
    const name = expect.any(String) as string;
    expect(tree).toEqual([
      {
        ...info,
        kind: "group",
        name: "shop",
        path: ["shop"],
        state: "running",
        age: 20,
        children: [
          {
            ...info,
            kind: "task",
            name: "till",
            path: ["shop", "till"],
            state: "running",
            age: 20,
            children: [
              { ...info, kind: "deadline", name, state: "running", age: 20, waitsFor: ["a sleep"], children: [] },
            ],
          },
          {
            ...info,
            kind: "task",
            name: "door",
            state: "running",
            age: 20,
            children: [
              { ...info, kind: "shield", name, state: "running", age: 20, waitsFor: ["a sleep"], children: [] },
            ],
          },
          { ...info, kind: "task", name: "queued", state: "pending", age: 20, children: [] },
        ],
      },
    ]);
  });

  it("DX-1 says what cancelled a scope that drains", async () => {
    const { run, taskGroup, inspectTasks, formatTaskTree } = virtualRuntime();
    let text = "";
    await run(() =>
      errorOf(
        taskGroup({ name: "shop" }, async (group) => {
          group.createTask((task) => task.shield(({ sleep }) => sleep(50)), { name: "door" });
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)), { name: "till" });
          await group.shield(({ sleep }) => sleep(20));
          const [shop] = inspectTasks();
          const [door] = shop?.children ?? [];
          expect(shop?.cancelledBy).toContain("till");
          expect(door?.cancelledBy).toContain("till");
          expect(door?.children[0]?.cancelledBy).toBeUndefined();
          text = formatTaskTree();
        }),
      ),
    );
    expect(text).toMatch(/^shop .*cancel.*till/);
  });

  it.each([
    ["null", null],
    ["a symbol", Symbol("stop")],
    ["an object that can't be printed", unprintable],
    ["an object without a prototype", Object.create(null) as object],
  ])("DX-1 copes with a reason that is %s", async (_title, reason) => {
    const { run, taskGroup, inspectTasks, formatTaskTree } = virtualRuntime();
    const outside = new AbortController();
    await run(() =>
      outcomeOf(
        taskGroup({ name: "g", signal: outside.signal }, () => {
          outside.abort(reason);
          expect(typeof inspectTasks()[0]?.cancelledBy).toBe("string");
          expect(formatTaskTree()).toContain("g (group");
        }),
      ),
    );
    expect.assertions(2);
  });

  it("DX-1 a body that is done leaves its group waiting; what has ended is gone at once", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    const states: unknown[] = [];
    await run(() =>
      taskGroup({ name: "g" }, (group) => {
        group.createTask(() => {}, { name: "short" });
        group.createTask(
          async ({ sleep }) => {
            await sleep(1);
            states.push(inspectTasks().map(({ state, children }) => [state, children.map((child) => child.name)]));
          },
          { name: "long" },
        );
      }),
    );
    expect([states, inspectTasks()]).toEqual([[[["waiting", ["long"]]]], []]);
  });

  it("DX-1 c.2 #15 a task hangs below the group it was created in, whoever created it", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    let paths: unknown;
    await run(() =>
      taskGroup({ name: "outer" }, (outer) =>
        outer.taskGroup({ name: "inner" }, (inner) => {
          inner.createTask(
            async (task) => {
              outer.createTask(({ sleep }) => sleep(50), { name: "adopted" });
              await task.sleep(10);
              paths = inspectTasks()[0]?.children.map(({ path }) => path.join(" > "));
            },
            { name: "spawner" },
          );
        }),
      ),
    );
    expect(paths).toEqual(["outer > inner", "outer > adopted"]);
  });

  it("DX-1 formatTaskTree() prints the tree, nested, a line each", async () => {
    const { run, taskGroup, formatTaskTree } = virtualRuntime();
    let lines: string[] = [];
    await run(() =>
      taskGroup({ name: "a" }, async (a) => {
        a.createTask((task) => task.taskGroup({ name: "inner" }, (inner) => inner.sleep(50)), { name: "b" });
        a.createTask(({ sleep }) => sleep(50), { name: "c" });
        await a.sleep(20);
        lines = formatTaskTree().split("\n");
      }),
    );
    expect(lines).toEqual([
      "a (group, running, 20 ms)",
      "├─ b (task, running, 20 ms)",
      "│  └─ inner (group, running, 20 ms, waits for a sleep)",
      "└─ c (task, running, 20 ms, waits for a sleep)",
    ]);
  });
});

describe("DX-2 instruments", () => {
  it("DX-2 see groups open and close, tasks created, started and ended, in order", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const { seen, instrument, hooks } = recorder();
    addInstrument(instrument);
    await run(() =>
      taskGroup({ name: "g" }, async (group) => {
        await group.createTask(() => 7, { name: "a" });
        return "value";
      }),
    );
    expect(hooks()).toEqual(["onGroupOpen g", "onTaskCreate a", "onTaskStart a", "onTaskEnd a", "onGroupClose g"]);
    expect(seen[1]?.[2]).toMatchObject({ name: "g" });
    expect(seen[3]?.[2]).toEqual({ status: "fulfilled", value: 7 });
    expect(seen[4]?.[2]).toEqual({ status: "fulfilled", value: "value" });
  });

  it("DX-2 see detached tasks too, whose group is nobody", async () => {
    const { run, detach, addInstrument } = virtualRuntime();
    const { seen, instrument, hooks } = recorder();
    addInstrument(instrument);
    await run(async () => {
      await detach(() => 7, { name: "alone" });
      await errorOf(detach(() => Promise.reject(boom), { name: "broken" }));
      const late = detach(({ sleep }) => sleep(1000), { name: "late", timeout: 10 });
      expect(await errorOf(late)).toBeInstanceOf(TimeoutError);
    });
    expect(hooks()).toEqual([
      ...["onTaskCreate alone", "onTaskStart alone", "onTaskEnd alone"],
      ...["onTaskCreate broken", "onTaskStart broken", "onTaskEnd broken"],
      ...["onTaskCreate late", "onTaskStart late", "onCancel late", "onTaskEnd late"],
    ]);
    expect(seen[0]?.[2]).toBeUndefined();
    expect(seen[2]?.slice(2)).toEqual([{ status: "fulfilled", value: 7 }, "done"]);
    expect(seen[5]?.slice(2)).toEqual([{ status: "rejected", reason: boom }, "failed"]);
    // It was cancelled by its own deadline, and what comes of that is a TimeoutError.
    expect(seen[9]?.[3]).toBe("failed");
  });

  it("DX-2 the end of a task says whether it failed or was cancelled", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const { seen, instrument } = recorder();
    addInstrument(instrument);
    await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask(({ sleep }) => sleep(1000), { name: "sleeper" });
          group.createTask(() => Promise.reject(boom), { name: "broken" });
        }),
      ),
    );
    const ends = seen.filter(([hook]) => hook === "onTaskEnd").map(([, name, , state]) => [name, state]);
    expect(ends).toEqual([
      ["broken", "failed"],
      ["sleeper", "cancelled"],
    ]);
  });

  it("DX-2 see cancellations, dead arrivals, ignored cancels and stragglers", async () => {
    const { run, taskGroup, addInstrument, sleep } = virtualRuntime();
    const { seen, instrument, hooks } = recorder();
    addInstrument(instrument);
    const error = await run(() =>
      errorOf(
        taskGroup({ name: "g", grace: 10 }, async (group) => {
          const late = group.createTask(() => sleep(20), { name: "late" });
          late.cancel();
          late.cancel();
          await group.sleep(1);
          group.cancel(stop);
          group.createTask(() => {}, { name: "dead" });
          throw boom;
        }),
      ),
    );
    expect(hooks()).toEqual([
      "onGroupOpen g",
      "onTaskCreate late",
      "onIgnoredCancel late",
      "onTaskStart late",
      "onCancel g",
      "onTaskCreate dead",
      "onDeadOnArrival dead",
      "onStraggler late",
      "onTaskEnd late",
      "onGroupClose g",
    ]);
    expect(seen[4]?.[2]).toMatchObject({ cause: stop });
    expect(seen[7]?.[2]).toBe(10);
    expect(seen[9]?.[2]).toEqual({ status: "rejected", reason: error });
  });

  it("DX-2 one cancellation from outside is one onCancel, of the block that it cancels", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const { seen, instrument } = recorder();
    const outside = new AbortController();
    addInstrument(instrument);
    await run(() =>
      outcomeOf(
        taskGroup({ name: "g", signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          await group.sleep(1);
          outside.abort(stop);
        }),
      ),
    );
    expect(seen.filter(([hook]) => hook === "onCancel")).toEqual([["onCancel", "g", stop]]);
  });

  it("DX-2 can't break the program when they throw: it is reported, other instruments are still told", async () => {
    const { run, taskGroup, addInstrument, reports } = virtualRuntime();
    let thrown = 0;
    addInstrument(
      new Proxy({} as Instrument, {
        get: () => () => {
          thrown++;
          throw boom;
        },
      }),
    );
    const { instrument, seen } = recorder();
    addInstrument(instrument);
    const value = await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1000));
        group.createTask(() => {});
        await group.sleep(1);
        group.cancel();
        group.createTask(() => {});
        return 7;
      }),
    );
    expect(value).toBe(7);
    expect(thrown).toBeGreaterThan(8);
    expect(seen.length).toBe(thrown);
    expect(reports.map((report) => report.error)).toEqual(Array.from({ length: thrown }, () => boom));
  });

  it("DX-2 are told nothing after they have been taken out", async () => {
    const { run, taskGroup, addInstrument } = virtualRuntime();
    const { instrument, seen } = recorder();
    addInstrument(instrument)();
    addInstrument(instrument)[Symbol.dispose]();
    await run(() => taskGroup((group) => void group.createTask(() => {})));
    expect(seen).toEqual([]);
  });
});

describe("DX-7 scope.isCancellation", () => {
  it("DX-7 answers rule 3 for user code: a catch per row tells a cancellation from a bad row", async () => {
    const { run, taskGroup } = virtualRuntime();
    const open = gate();
    const bad: unknown[] = [];
    let rows = 0;
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(async (task) => {
          for (;;) {
            try {
              if (rows++ % 2 === 0) throw new DOMException("bad row", "AbortError");
              await task.abortable(open.promise);
            } catch (error) {
              if (task.isCancellation(error)) throw error;
              bad.push(error);
            }
          }
        });
        await group.sleep(1);
        group.cancel();
      }),
    );
    expect([bad.length, rows]).toEqual([1, 2]);
  });

  it("DX-7 is decided per scope, and by its state first", async () => {
    const { run, failAfter } = virtualRuntime();
    await run(() =>
      failAfter(100, async (outer) => {
        const outcome = await outer.moveOnAfter(10, async (inner) => {
          expect(inner.isCancellation(new CancelledError())).toBe(false);
          const reason = await errorOf(inner.sleep(1000));
          expect([inner.isCancellation(reason), outer.isCancellation(reason)]).toEqual([true, false]);
          expect(inner.isCancellation(new TimeoutError())).toBe(false);
          expect(inner.isCancellation(new Error("x", { cause: reason }))).toBe(false);
          throw reason;
        });
        expect(outcome).toEqual({ timedOut: true });
      }),
    );
    expect.assertions(5);
  });
});
