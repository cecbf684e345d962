import type { CancelScope } from "./cancel-scope.ts";
import type { For } from "./scope.ts";
import { waitableOf } from "./signal-hub.ts";
import { LIVE, type Waitable } from "./waitable.ts";

/** The record behind a handle of this copy of the library; undefined for anything else (DX-8). */
export function recordOf(handle: object): CancelScope | undefined {
  const { record } = handle as { readonly record?: CancelScope };
  // Not by instanceof: a bundle that only waits, such as a Semaphore's, would hold the class.
  return record?.copy === LIVE ? record : undefined;
}

/** What stands behind a scope or a signal: where a wait for its sake is kept. */
export function waitableFor(scope: For): Waitable {
  if (typeof scope !== "object") throw new TypeError(`a scope, an AbortSignal or null, not ${typeof scope}`);
  return recordOf(scope) ?? waitableOf("signal" in scope ? scope.signal : scope);
}
