import { describe, test } from "vitest";
import type { ConformanceTarget } from "../target.ts";
import { type BindingOptions, testsOf } from "./tests-of.ts";

/** In ms. No case waits by the host's clock; some work for seconds where the machine is busy. */
const TIMEOUT = 120_000;

/**
 * Declares a test of vitest's for each case. What is skipped, or is a known failure, is skipped with the reason.
 *
 * @example
 * ```ts
 * import { conformance } from "@cohort/conformance/vitest";
 * import target from "./my-target.ts";
 *
 * await conformance(target, { only: ["LC", "FF"] });
 * ```
 */
export async function conformance(target: ConformanceTarget, options?: BindingOptions): Promise<void> {
  const tests = await testsOf(target, options);
  describe(`${target.name} keeps the specification`, () => {
    for (const { name, run } of tests)
      test(name, { timeout: TIMEOUT }, async ({ skip }) => {
        const why = await run();
        if (why !== undefined) skip(why);
      });
  });
}
