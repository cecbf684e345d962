import * as core from "@cohort/core";
import { describe, expect, it } from "vitest";
import * as universal from "@cohort/universal";

const namesOf = (module: object): string[] => Object.keys(module).sort();

/** What an adapter has beyond the common surface. */
const own = { node: ["main", "requestScope"] };

describe("the public surface", () => {
  it("RT-7 of @cohort/universal is this", () => {
    expect(namesOf(universal)).toMatchInlineSnapshot(`
      [
        "AbandonedError",
        "AsyncEvent",
        "AsyncQueue",
        "Barrier",
        "BaseException",
        "BaseExceptionGroup",
        "BrokenBarrierError",
        "CancelledError",
        "Condition",
        "DisconnectedError",
        "ExceptionGroup",
        "InvalidStateError",
        "KeyboardInterrupt",
        "LifoQueue",
        "Mutex",
        "PriorityQueue",
        "QueueEmpty",
        "QueueFull",
        "QueueShutDown",
        "Semaphore",
        "SystemExit",
        "TimeoutError",
        "abortable",
        "adapter",
        "addInstrument",
        "asCompleted",
        "currentTask",
        "detach",
        "exceptStar",
        "failAfter",
        "failAt",
        "firstSuccess",
        "formatException",
        "formatTaskTree",
        "gather",
        "inspectTasks",
        "map",
        "moveOnAfter",
        "now",
        "onlyError",
        "openBackgroundTasks",
        "openTaskGroup",
        "runtime",
        "sleep",
        "taskGroup",
      ]
    `);
  });

  it("of @cohort/core is this", () => {
    expect(namesOf(core)).toMatchInlineSnapshot(`
      [
        "AbandonedError",
        "AsyncEvent",
        "AsyncQueue",
        "Barrier",
        "BaseException",
        "BaseExceptionGroup",
        "BrokenBarrierError",
        "CancelledError",
        "Condition",
        "DisconnectedError",
        "ExceptionGroup",
        "InvalidStateError",
        "KeyboardInterrupt",
        "LifoQueue",
        "Mutex",
        "PriorityQueue",
        "QueueEmpty",
        "QueueFull",
        "QueueShutDown",
        "Semaphore",
        "SystemExit",
        "TimeoutError",
        "bindAbortable",
        "bindAddInstrument",
        "bindAsCompleted",
        "bindCurrentTask",
        "bindDetach",
        "bindFailAfter",
        "bindFailAt",
        "bindFirstSuccess",
        "bindFormatTaskTree",
        "bindGather",
        "bindInspectTasks",
        "bindMap",
        "bindMoveOnAfter",
        "bindNow",
        "bindOpenBackgroundTasks",
        "bindOpenTaskGroup",
        "bindSleep",
        "bindTaskGroup",
        "defineRuntime",
        "exceptStar",
        "formatException",
        "onlyError",
        "takeOver",
      ]
    `);
  });

  it("RT-7 every function that core can bind is bound, and everything else that core has is here", () => {
    for (const name of namesOf(core)) {
      if (name === "defineRuntime" || name === "takeOver") continue;
      const bound = name.replace(/^bind(.)/, (_, first: string) => first.toLowerCase());
      expect(namesOf(universal)).toContain(bound);
      if (bound === name)
        expect((universal as Record<string, unknown>)[name]).toBe((core as Record<string, unknown>)[name]);
    }
  });

  it("RT-7 @cohort/node has the same names, and what is documented as its own", async () => {
    // By path: no package of this workspace depends on the other.
    const node = (await import(new URL("../../node/src/index.ts", import.meta.url).href)) as object;
    expect(namesOf(node)).toEqual([...namesOf(universal), ...own.node].sort());
  });

  it("names its runtime", () => {
    expect([universal.runtime.name, universal.adapter.name]).toEqual(["universal", "universal"]);
  });
});
