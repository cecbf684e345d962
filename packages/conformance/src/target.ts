import type { Capability } from "./capability.ts";

/** What an implementation reported through its runtime's reporter: an error, or a warning. */
export type Report = { readonly error: unknown } | { readonly warning: string };

/**
 * An implementation, as the suite gets it. Only `api.taskGroup` has to be there: what can be derived from it is, and what
 * is missing is skipped, with the reason.
 *
 * @example
 * ```ts
 * import type { ConformanceTarget } from "@cohort/conformance";
 * import * as api from "./my-task-group.js";
 *
 * export default {
 *   name: "my-task-group",
 *   version: "1.0.0",
 *   api,
 *   capabilities: { "option.limit": "p-limit does that" },
 * } satisfies ConformanceTarget;
 * ```
 */
export interface ConformanceTarget {
  readonly name: string;
  readonly version: string;
  /** Its functions and classes, under the names of the specification. A module's namespace will do. */
  readonly api: Readonly<Record<string, unknown>>;
  /** What it lacks: `false`, or better the reason. What it has beyond what can be seen: `true`. */
  readonly capabilities?: Partial<Record<Capability, boolean | string>> | undefined;
  /** Calls back for everything that the implementation hands to its runtime's reporter, until the result is called. */
  readonly onReport?: ((listener: (report: Report) => void) => () => void) | undefined;
}
