import type { CancelScope } from "./cancel-scope.ts";
import type { RuntimeState } from "./runtime.ts";
import type { For } from "./scope.ts";
import { scopeOfSignal } from "./signal-hub.ts";

/**
 * The one field of what users hold of a scope. Apart from the views that are built on it, so that a function that only
 * waits doesn't bring with it all that a scope can open.
 */
export class ScopeHandle {
  readonly #record: CancelScope;

  constructor(record: CancelScope) {
    this.#record = record;
  }

  static recordOf(handle: object): CancelScope | undefined {
    return #record in handle ? handle.#record : undefined;
  }
}

/** The record behind a handle of this copy of the library; undefined for anything else (DX-8). */
export function recordOf(handle: object): CancelScope | undefined {
  return ScopeHandle.recordOf(handle);
}

/** The scope of whoever waits: a scope's record, a signal's, or nobody's. */
export function waitingScope(runtime: RuntimeState, scope: For | null | undefined): CancelScope {
  if (scope === undefined || scope === null) return runtime.root;
  if (typeof scope !== "object") throw new TypeError(`a scope, an AbortSignal or null, not ${typeof scope}`);
  return recordOf(scope) ?? scopeOfSignal(runtime, "signal" in scope ? scope.signal : scope);
}
