import { CancelScope } from "./cancel-scope.ts";
import type { RuntimeState } from "./runtime.ts";
import type { For } from "./scope.ts";
import { scopeOfSignal } from "./signal-hub.ts";

/** The record behind a handle of this copy of the library; undefined for anything else (DX-8). */
export function recordOf(handle: object): CancelScope | undefined {
  const { record } = handle as { readonly record?: unknown };
  return record instanceof CancelScope ? record : undefined;
}

/** The scope of whoever waits: a scope's record, a signal's, or nobody's. */
export function waitingScope(runtime: RuntimeState, scope: For | null | undefined): CancelScope {
  if (scope === undefined || scope === null) return runtime.root;
  if (typeof scope !== "object") throw new TypeError(`a scope, an AbortSignal or null, not ${typeof scope}`);
  return recordOf(scope) ?? scopeOfSignal(runtime, "signal" in scope ? scope.signal : scope);
}
