import { describe, test } from "node:test";
import type { ConformanceTarget } from "../target.ts";
import { type BindingOptions, testsOf } from "./tests-of.ts";

/**
 * Declares a test of node:test's for each case. What is skipped, or is a known failure, is skipped with the reason.
 *
 * @example
 * ```ts
 * import { conformance } from "@cohort/conformance/node-test";
 * import target from "./my-target.ts";
 *
 * await conformance(target, { only: ["LC", "FF"] });
 * ```
 */
export async function conformance(target: ConformanceTarget, options?: BindingOptions): Promise<void> {
  const tests = await testsOf(target, options);
  void describe(`${target.name} keeps the specification`, () => {
    for (const { name, run } of tests)
      void test(name, async (context) => {
        const why = await run();
        if (why !== undefined) context.skip(why);
      });
  });
}
