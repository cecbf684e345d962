import { test } from "bun:test";
import type { ConformanceTarget } from "../target.ts";
import { type BindingOptions, testsOf } from "./tests-of.ts";

/** What nobody handles fails the file, whoever listens for it: https://github.com/oven-sh/bun/issues/14644 */
const LACKS = {
  "unhandled rejections": "bun test takes them for failures of its own",
  "uncaught errors": "bun test takes them for failures of its own",
};

/**
 * Declares a test of bun:test's for each case. What is skipped, or is a known failure, is skipped with the reason in its
 * name. A test of bun's can't be skipped any more once it runs, so that the cases have run before their tests are declared.
 *
 * @example
 * ```ts
 * import { conformance } from "@cohort/conformance/bun-test";
 * import target from "./my-target.ts";
 *
 * await conformance(target, { only: ["LC", "FF"] });
 * ```
 */
export async function conformance(target: ConformanceTarget, options?: BindingOptions): Promise<void> {
  const capabilities = { ...target.capabilities, ...LACKS };
  for (const { name, run } of await testsOf({ ...target, capabilities }, options)) {
    const [result] = await Promise.allSettled([run()]);
    if (result.status === "rejected") test(name, () => Promise.reject(result.reason as Error));
    else if (result.value !== undefined) test.skip(`${name} (${result.value})`, () => {});
    else test(name, () => {});
  }
}
