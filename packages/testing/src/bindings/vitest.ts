import type { Runtime } from "@cohort/core";
import { type TestAPI, test } from "vitest";
import type { TestClock, VirtualTimeOptions } from "../test-clock.ts";
import { withVirtualTime } from "../virtual-time.ts";

/**
 * vitest's `test`, whose tests run under virtual time and get its clock. A test that leaves anything behind fails.
 *
 * @example
 * ```ts
 * import { runtime, sleep } from "@cohort/node";
 * import { virtualTest } from "@cohort/testing/vitest";
 *
 * const test = virtualTest(runtime);
 *
 * test("an hour takes no time", async ({ clock, expect }) => {
 *   await sleep(3_600_000);
 *   expect(clock.elapsed).toBe(3_600_000);
 * });
 * ```
 */
export function virtualTest(runtime: Runtime, options: VirtualTimeOptions = {}): TestAPI<{ clock: TestClock }> {
  return test.extend<{ clock: TestClock }>({
    // `auto`: the clock counts for a test that doesn't ask for it, too.
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from it that the fixture needs no other
    clock: [async ({}, use) => withVirtualTime(runtime, options, use), { auto: true }],
  });
}
