import type { MaybePromise, Runtime } from "@cohort/core";
import { VirtualClock } from "./clock.ts";
import type { TestClock, VirtualTimeOptions } from "./test-clock.ts";

/**
 * Takes over the clock of a runtime, which every adapter exports, or of several that share a program, until what is
 * returned is closed or disposed: what the code under test waits for takes no time. Throws an InvalidStateError while
 * another clock has the runtime, and a TypeError or RangeError for options that are none.
 *
 * @example
 * ```ts
 * import { runtime, sleep } from "@cohort/node";
 *
 * await using clock = useVirtualTime(runtime);
 * await sleep(3_600_000);
 * expect(clock.elapsed).toBe(3_600_000);
 * ```
 */
export function useVirtualTime(runtime: Runtime | readonly Runtime[], options: VirtualTimeOptions = {}): TestClock {
  return new VirtualClock(runtime, options);
}

type Body<T> = (clock: TestClock) => MaybePromise<T>;

/**
 * Runs `body` under virtual time and gives its value. It rejects with the body's error if it fails, with a DeadlockError if
 * it waits for what never comes, and otherwise with a LeakError if anything was left behind. The runtime is given back in
 * any case.
 *
 * @example
 * ```ts
 * await withVirtualTime(runtime, { seed: 7 }, async (clock) => {
 *   const done = taskGroup(crawl);
 *   await clock.advance(3000);
 *   await done;
 * });
 * ```
 */
export async function withVirtualTime<T>(
  runtime: Runtime | readonly Runtime[],
  ...args: [body: Body<T>] | [options: VirtualTimeOptions, body: Body<T>]
): Promise<T> {
  const [options, body] = args.length === 1 ? [{}, args[0]] : args;
  if (typeof body !== "function") throw new TypeError(`withVirtualTime needs a function, not ${typeof body}`);
  const clock = new VirtualClock(runtime, options);
  let value: T;
  try {
    value = await clock.run(body);
  } catch (error) {
    // A test that fails leaves things behind as a matter of course; its own error is the one to read.
    await clock.end();
    throw error;
  }
  await clock.close();
  return value;
}
