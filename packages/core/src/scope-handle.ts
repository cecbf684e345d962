import type { CancelScope } from "./cancel-scope.ts";
import type { For } from "./scope.ts";
import { SignalHubs } from "./signal-hub.ts";
import { COPY, type Waitable } from "./waitable.ts";

/** For the primitives: a Semaphore belongs to no runtime. */
const shared: SignalHubs = /* @__PURE__ */ new SignalHubs();

/** The record behind a handle of this copy of the library; undefined for anything else (DX-8). */
export function recordOf(handle: object): CancelScope | undefined {
  const { record } = handle as { readonly record?: CancelScope };
  // Not by instanceof: a bundle that only waits, such as a Semaphore's, would hold the class.
  return record?.copy === COPY ? record : undefined;
}

/** What stands behind a scope or a signal: where a wait for its sake is kept. */
export function waitableFor(scope: For, hubs: SignalHubs = shared): Waitable {
  if (typeof scope !== "object") throw new TypeError(`a scope, an AbortSignal or null, not ${typeof scope}`);
  return recordOf(scope) ?? hubs.of("signal" in scope ? scope.signal : scope);
}
