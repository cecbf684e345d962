import type { RuntimeState } from "./runtime.ts";
import type { TaskScope } from "./scope.ts";

/**
 * Where the host has an async context that `fn` might change (AsyncLocalStorage's enterWith), a microtask keeps the change
 * from its caller: the next item, or the next run, would start in it (ME-14). One that is cancelled until then never runs.
 */
export function inOwnContext(
  { adapter }: RuntimeState,
  fn: (scope: TaskScope) => unknown,
): (scope: TaskScope) => unknown {
  if (adapter.mayHaveContext?.() === false) return fn;
  return (scope) =>
    Promise.resolve().then(() => {
      scope.throwIfCancelled();
      return fn(scope);
    });
}
