import { hide } from "./brand.ts";
import { asGroup, BaseExceptionGroup } from "./exception-group.ts";

interface Suppressed extends Error {
  readonly error: unknown;
  readonly suppressed: unknown;
}

/** By its looks: the global is missing where `using` is compiled down, and the helpers that stand in make plain errors. */
export function isSuppressedError(error: unknown): error is Suppressed {
  return (
    error instanceof Error &&
    error.name === "SuppressedError" &&
    Object.hasOwn(error, "error") &&
    Object.hasOwn(error, "suppressed")
  );
}

/**
 * What `using` made of several errors, in the order in which they happened: the block's own first, then those of the
 * disposals. Each disposal that throws wraps what there was before in `suppressed`.
 */
export function suppressedErrors(error: Suppressed): unknown[] {
  const errors: unknown[] = [];
  const todo: unknown[] = [error];
  const seen = new Set<unknown>();
  while (todo.length) {
    const next = todo.pop();
    if (!isSuppressedError(next)) errors.push(next);
    else if (!seen.has(next)) todo.push(next.error, next.suppressed);
    seen.add(next);
  }
  return errors;
}

/** Sees a group, and a `SuppressedError` as a group of what it holds (LC-5). */
export function openSuppressed(error: unknown): BaseExceptionGroup | undefined {
  if (!isSuppressedError(error)) return asGroup(error);
  const errors = suppressedErrors(error);
  // Without errors it holds nothing but itself.
  if (!errors.length) return undefined;
  const group = new BaseExceptionGroup(String(error.message), errors);
  hide(group, "stack", error.stack);
  return group;
}
