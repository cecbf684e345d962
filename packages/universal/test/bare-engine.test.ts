import { beforeAll, describe, expect, it, vi } from "vitest";
import { bundle, Engine, webGlobals } from "./bundle.ts";

let script: string;
beforeAll(async () => {
  script = await bundle();
});

/** Runs an async function's body in an engine of its own and gives what it returned, as data of this realm. */
async function inEngine(body: string, globals: object = webGlobals(), code: string = script): Promise<unknown> {
  const engine = new Engine(globals, code);
  return JSON.parse(
    await engine.run<Promise<string>>(`(async () => JSON.stringify(await (async () => {${body}})()))()`),
  );
}

describe("RT-7 without a process", () => {
  it("RT-1 loading the package needs no global at all, and sets no timer", () => {
    const engine = new Engine({}, script);
    expect(engine.run("typeof process + typeof setTimeout + typeof cohort.taskGroup")).toBe(
      "undefinedundefinedfunction",
    );
  });

  it("RT-7 the engine that these tests use has no Node in it", () => {
    expect(
      new Engine(webGlobals()).run("[typeof process, typeof Buffer, typeof require, typeof setImmediate].join()"),
    ).toBe("undefined,undefined,undefined,undefined");
  });

  it("LC-1 a group waits for its members and gives its body's value", async () => {
    expect(
      await inEngine(`
        const order = [];
        const value = await cohort.taskGroup({ limit: 2 }, (group) => {
          for (const name of ["a", "b", "c"]) {
            group.createTask(async ({ sleep }) => { await sleep(1); order.push(name); });
          }
          return 7;
        });
        return [value, order];
      `),
    ).toEqual([7, ["a", "b", "c"]]);
  });

  it("FF-1 a failure cancels the others and comes out in a group, by name", async () => {
    expect(
      await inEngine(`
        try {
          await cohort.taskGroup({ name: "g" }, (group) => {
            group.createTask(() => Promise.reject(new RangeError("no")), { name: "culprit" });
            group.createTask(({ sleep }) => sleep(2 ** 40));
          });
        } catch (error) {
          return [error instanceof cohort.ExceptionGroup, error.message, error.failures[0].task.path, String(error.errors[0])];
        }
      `),
    ).toEqual([true, 'unhandled errors in TaskGroup "g" (1 sub-exception)', ["g", "culprit"], "RangeError: no"]);
  });

  it("CA-2, CA-4 AbortSignals go in and out", async () => {
    expect(
      await inEngine(`
        const controller = new AbortController();
        const seen = [];
        setTimeout(() => controller.abort("enough"), 1);
        const reason = await cohort.taskGroup({ signal: controller.signal }, (group) => {
          group.createTask(({ signal }) => new Promise((_, reject) => {
            seen.push(signal instanceof AbortSignal, signal.aborted);
            signal.addEventListener("abort", () => reject(signal.reason));
          }));
        }).catch((error) => error);
        return [reason, seen];
      `),
    ).toEqual(["enough", [true, false]]);
  });

  it("TO-1 deadlines expire", async () => {
    expect(
      await inEngine(`
        const late = await cohort.failAfter(1, ({ sleep }) => sleep(60_000)).catch(({ name }) => name);
        const moved = await cohort.moveOnAfter(1, ({ abortable }) => abortable(new Promise(() => {})));
        const group = await cohort.taskGroup({ timeout: 1 }, (group) => group.sleep(60_000)).catch(({ name }) => name);
        return [late, moved, group];
      `),
    ).toEqual(["TimeoutError", { timedOut: true }, "TimeoutError"]);
  });

  it("CO-5, DX-1 detached tasks, the tree of what runs, exceptStar and formatException", async () => {
    expect(
      await inEngine(`
        const task = cohort.detach(({ sleep }) => sleep(60_000), { name: "alone" });
        const names = cohort.inspectTasks().map(({ name }) => name);
        const tree = cohort.formatTaskTree();
        const cancelled = task.cancel();
        const code = await task.catch(({ code }) => code);
        const picked = [];
        const error = new cohort.ExceptionGroup("m", [new RangeError("r")]);
        await cohort.exceptStar(error, [RangeError, (group) => picked.push(group.errors.length)]);
        return [names, tree.includes("alone"), cancelled, code, picked, cohort.formatException(error).includes("RangeError: r")];
      `),
    ).toEqual([["alone"], true, true, "COHORT_CANCELLED", [1], true]);
  });

  it("DX-3 currentTask() is undefined everywhere, never wrong", async () => {
    expect(
      await inEngine(`
        const seen = [typeof cohort.currentTask()];
        await cohort.taskGroup((group) => {
          group.createTask(async () => { seen.push(typeof cohort.currentTask()); });
        });
        return seen;
      `),
    ).toEqual(["undefined", "undefined"]);
  });

  it("LC-5 open groups close without Symbol.asyncDispose and Symbol.dispose", async () => {
    const old = await bundle({ "Symbol.asyncDispose": "undefined", "Symbol.dispose": "undefined" });
    const warn = vi.fn();
    expect(
      await inEngine(
        `
        const order = [];
        const joined = cohort.openTaskGroup();
        joined.createTask(() => order.push("joined"));
        await joined.join();
        await joined.close();
        const left = cohort.openTaskGroup({ name: "left" });
        left.createTask(({ sleep }) => sleep(60_000).finally(() => order.push("left")), { name: "member", eager: true });
        await left.close();
        const group = await cohort.taskGroup((group) => {
          const stop = group.onCancel(() => order.push("never"));
          stop();
          group.cancel();
          return Object.keys(group).concat(Object.keys(stop)).includes("undefined");
        });
        return [order, group];
      `,
        { ...webGlobals(), console: { ...console, warn } },
        old,
      ),
    ).toEqual([["joined", "left"], false]);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toContain("left > member");
  });
});

describe("RT-7 reporters", () => {
  const broken = `
    await cohort.taskGroup({ name: "g" }, (group) => {
      group.createTask(({ onCancel, sleep }) => {
        onCancel(() => { throw new RangeError("from a callback"); });
        return sleep(60_000);
      }, { name: "member" });
      group.createTask(() => group.cancel());
    });
  `;

  it("CA-12 an error that no block can throw goes to the host's reportError", async () => {
    const reportError = vi.fn();
    const error = vi.fn();
    await inEngine(`${broken} return 0;`, { ...webGlobals(), reportError, console: { ...console, error } });
    expect(reportError.mock.calls.map(([thrown]) => String(thrown))).toEqual(["RangeError: from a callback"]);
    expect(error).not.toHaveBeenCalled();
  });

  it("CA-12 or to the console, with the task's path, where there is none", async () => {
    const error = vi.fn();
    await inEngine(`${broken} return 0;`, { ...webGlobals(), console: { ...console, error } });
    expect(error).toHaveBeenCalledOnce();
    const [call = []] = error.mock.calls;
    expect(call.map(String).join(" ")).toContain("RangeError: from a callback");
    expect(call.map(String).join(" ")).toContain("g > member");
  });

  it("CA-8 stragglers are named by console.warn", async () => {
    const warned = Promise.withResolvers<string>();
    let wake: () => void = () => {};
    const globals = {
      ...webGlobals(),
      console: { ...console, warn: (text: string) => warned.resolve(text) },
      legacy: () => new Promise<void>((resolve) => (wake = resolve)),
    };
    const done = inEngine(
      `await cohort.taskGroup({ name: "g", grace: 1 }, (group) => {
         group.createTask(() => legacy(), { name: "deaf" });
         group.createTask(() => group.cancel());
       });
       return 0;`,
      globals,
    );
    expect(await warned.promise).toContain("g > deaf");
    wake();
    expect(await done).toBe(0);
  });

  it("ER-6 nothing is reported for errors that come out of a block", async () => {
    const [reportError, error, warn] = [vi.fn(), vi.fn(), vi.fn()];
    expect(
      await inEngine(
        `return cohort.taskGroup((group) => {
           group.createTask(() => Promise.reject(1));
           group.createTask(() => Promise.reject(2));
         }).catch(({ errors }) => errors);`,
        { ...webGlobals(), reportError, console: { ...console, error, warn } },
      ),
    ).toEqual([1, 2]);
    for (const reporter of [reportError, error, warn]) expect(reporter).not.toHaveBeenCalled();
  });
});
