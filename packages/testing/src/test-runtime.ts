import { defineRuntime, type Runtime, type RuntimeAdapter } from "@cohort/core";
import { VirtualClock } from "./clock.ts";
import { type Functions, functionsOf } from "./functions.ts";
import type { TestClock, VirtualTimeOptions } from "./test-clock.ts";

/** A runtime of a test's own, the functions bound to it, and its clock. */
export interface TestRuntime extends Functions, AsyncDisposable {
  readonly runtime: Runtime;
  readonly clock: TestClock;
}

/**
 * Makes a runtime whose time is virtual, for code that gets its runtime, or the functions bound to it, handed in.
 *
 * @example
 * ```ts
 * await using test = createTestRuntime({ seed: 1 });
 * await test.taskGroup((group) => void group.createTask(({ sleep }) => sleep(60_000)));
 * expect(test.clock.elapsed).toBe(60_000);
 * ```
 */
export function createTestRuntime(options: VirtualTimeOptions = {}): TestRuntime {
  const runtime = defineRuntime(bareAdapter());
  const clock = new VirtualClock(runtime, options);
  return {
    ...functionsOf(runtime),
    runtime,
    clock,
    [Symbol.asyncDispose]: () => clock[Symbol.asyncDispose](),
  };
}

/** A host that has nothing but what the language and every host has: the clock supplies the rest. */
export function bareAdapter(): RuntimeAdapter {
  const unreachable = (): never => {
    throw new TypeError("the clock of a test runtime has been closed");
  };
  return {
    name: "test",
    now: unreachable,
    setTimer: unreachable,
    clearTimer: () => {},
    createAbortController: () => new AbortController(),
    reportError: (error) => void Promise.reject(error),
    reportWarning: () => {},
  };
}
