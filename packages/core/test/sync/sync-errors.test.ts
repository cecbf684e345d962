import { BrokenBarrierError, InvalidStateError, QueueEmpty, QueueFull, QueueShutDown } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";

const cases = [
  [new QueueFull("m"), "QueueFull", "COHORT_QUEUE_FULL"],
  [new QueueEmpty("m"), "QueueEmpty", "COHORT_QUEUE_EMPTY"],
  [new QueueShutDown("m"), "QueueShutDown", "COHORT_QUEUE_SHUT_DOWN"],
  [new BrokenBarrierError("m"), "BrokenBarrierError", "COHORT_BROKEN_BARRIER"],
] as const;

describe("the errors of synchronisation", () => {
  it.each(cases)("SY %o is an Error called %s with code %s", (error, name, code) => {
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, String(error)]).toEqual([name, code, `${name}: m`]);
    expect(error).not.toBeInstanceOf(InvalidStateError);
  });

  it.each(cases)("DX-8 %o is recognised by another copy of the library, and by its own class only", async (error) => {
    vi.resetModules();
    const there = await import("@cohort/core");
    const classes = [there.QueueFull, there.QueueEmpty, there.QueueShutDown, there.BrokenBarrierError];
    expect(there.QueueFull).not.toBe(QueueFull);
    expect(classes.filter((Class) => error instanceof Class).map(({ name }) => name)).toEqual([error.name]);
  });
});
