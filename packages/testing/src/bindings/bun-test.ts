import { test } from "bun:test";
import type { Runtime } from "@cohort/core";
import type { VirtualTimeOptions } from "../test-clock.ts";
import { type VirtualTest, virtualTestBy } from "./binding.ts";

export type { VirtualTest, VirtualTestContext } from "./binding.ts";

/**
 * bun:test's `test`, whose tests run under virtual time and get its clock. A test that leaves anything behind fails.
 *
 * @example
 * ```ts
 * import { runtime, sleep } from "@cohort/universal";
 * import { virtualTest } from "@cohort/testing/bun-test";
 *
 * const test = virtualTest(runtime);
 *
 * test("an hour takes no time", async ({ clock }) => {
 *   await sleep(3_600_000);
 *   expect(clock.elapsed).toBe(3_600_000);
 * });
 * ```
 */
export function virtualTest(runtime: Runtime, options?: VirtualTimeOptions): VirtualTest {
  return virtualTestBy(test, runtime, options);
}
