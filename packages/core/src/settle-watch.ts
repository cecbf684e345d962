import type { CancelScope } from "./cancel-scope.ts";
import { infoOf } from "./task-info.ts";

/** What becomes of a followed promise. */
interface Follower {
  done(value: unknown): void;
  failed(error: unknown): void;
}

let registry: FinalizationRegistry<CancelScope> | undefined;

/**
 * Follows the promise of a scope's function as `promise.then` would, and says once if it can never settle (DX-6): the
 * follower is held by the promise's reactions alone, so it is collected before its time only if nothing is left that could
 * settle the promise. A wait that a cancellation can end is held by its scope, and a timer or a socket by the host.
 */
export function followWatched(scope: CancelScope, promise: Promise<unknown>, follower: Follower): Promise<void> {
  if (registry === undefined && typeof FinalizationRegistry === "function") {
    registry = new FinalizationRegistry(reportLost);
  }
  registry?.register(follower, scope, scope);
  // By way of the follower, so that no engine and no minifier can find that the reactions don't need it.
  return promise.then(
    (value) => {
      registry?.unregister(scope);
      follower.done(value);
    },
    (error: unknown) => {
      registry?.unregister(scope);
      follower.failed(error);
    },
  );
}

function reportLost(scope: CancelScope): void {
  scope.runtime.adapter.reportWarning(
    `${scope.titleAndPath} can never settle: what it waits for has been garbage-collected`,
    [infoOf(scope)],
  );
}
