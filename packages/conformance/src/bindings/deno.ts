import type { ConformanceTarget } from "../target.ts";
import { type BindingOptions, testsOf } from "./tests-of.ts";

/**
 * Declares a test of Deno's for each case. What is skipped, or is a known failure, is ignored with the reason in its name.
 * A test of Deno's can't be ignored any more once it runs, so that the cases have run before their tests are declared.
 *
 * @example
 * ```ts
 * import { conformance } from "@cohort/conformance/deno";
 * import target from "./my-target.ts";
 *
 * await conformance(target, { only: ["LC", "FF"] });
 * ```
 */
export async function conformance(target: ConformanceTarget, options?: BindingOptions): Promise<void> {
  for (const { name, run } of await testsOf(target, options)) {
    const [result] = await Promise.allSettled([run()]);
    if (result.status === "rejected") Deno.test(name, () => Promise.reject(result.reason as Error));
    else if (result.value !== undefined) Deno.test({ name: `${name} (${result.value})`, ignore: true, fn() {} });
    else Deno.test(name, () => {});
  }
}
