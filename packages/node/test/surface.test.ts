import * as core from "@cohort/core";
import { describe, expect, it } from "vitest";
import * as node from "@cohort/node";
import { run } from "./child.ts";

const namesOf = (module: object): string[] => Object.keys(module).sort();

describe("the public surface", () => {
  it("of @cohort/node is this", () => {
    expect(namesOf(node)).toMatchInlineSnapshot(`
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
        "main",
        "map",
        "moveOnAfter",
        "now",
        "onlyError",
        "openBackgroundTasks",
        "openTaskGroup",
        "requestScope",
        "runtime",
        "sleep",
        "taskGroup",
      ]
    `);
  });

  it("has the error classes of core themselves, not copies", () => {
    const shared = namesOf(core).filter((name) => !/^(bind.*|defineRuntime|takeOver)$/.test(name));
    for (const name of shared) {
      expect([name, (node as Record<string, unknown>)[name]]).toEqual([name, (core as Record<string, unknown>)[name]]);
    }
  });

  it("names its runtime", () => {
    expect(node.runtime.name).toBe("node");
    expect(node.adapter.name).toBe("node");
  });

  it("RT-3 importing it does nothing: no listener, no timer, no output", async () => {
    const { code, stdout, stderr } = await run("import-only");
    expect([code, stdout, stderr]).toEqual([0, "nothing was added\n", ""]);
  });
});
