import type { CancelScope } from "./cancel-scope.ts";
import { CancelledError } from "./errors.ts";
import { LIVE } from "./waitable.ts";

/** Says of an error that it is the host's or a library's way to report a cancellation. */
export type CancellationTest = (error: unknown, reason: unknown) => boolean;

/**
 * Is `error` the cancellation of `scope`? Decided by the scope's state first: what nobody asked for is a failure, whatever
 * it is called. A matching `cause` doesn't count: `throw new RollbackError("…", { cause: e })` in a cleanup is a failure.
 */
export function isCancellation(scope: CancelScope, error: unknown): boolean {
  const { reason } = scope;
  if (reason === LIVE) return false;
  return Object.is(error, reason) || error instanceof CancelledError || saysAborted(error) || asked(scope, error);
}

function saysAborted(error: unknown): boolean {
  if (error === null || (typeof error !== "object" && typeof error !== "function")) return false;
  try {
    const { name, code } = error as { name?: unknown; code?: unknown };
    return name === "AbortError" || code === "ABORT_ERR" || code === "ERR_CANCELED";
  } catch {
    return false; // a getter that throws
  }
}

function asked(scope: CancelScope, error: unknown): boolean {
  const { adapter } = scope.runtime;
  const { reason } = scope;
  try {
    if (adapter.isCancellation?.(error, reason)) return true;
    for (let at: CancelScope | undefined = scope; at !== undefined; at = at.parent) {
      if (at.cancellationTest?.(error, reason)) return true;
    }
  } catch (broken) {
    adapter.reportError(broken, scope);
  }
  return false;
}
