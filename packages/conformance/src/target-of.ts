import { checkTarget } from "./check-target.ts";
import type { ConformanceTarget } from "./target.ts";
import { RefusedError } from "./refused-error.ts";

/** The implementation that a module exports: its `default` or its `target`. A RefusedError says what is wrong with it. */
export function targetOf(module: object, file: string): ConformanceTarget {
  const { default: main, target = main } = module as { readonly default?: unknown; readonly target?: unknown };
  if (target === undefined)
    throw new RefusedError(`${file} exports no conformance target, neither as default nor under the name target`);
  try {
    checkTarget(target);
  } catch (error) {
    throw new RefusedError(`${file}: ${(error as Error).message}`, { cause: error });
  }
  return target;
}
