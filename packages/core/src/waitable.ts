import type { Tie } from "./runtime-adapter.ts";
import type { Wait } from "./wait.ts";

/**
 * The `reason` of what nobody has cancelled. A value of our own: `abort(null)` and `abort(undefined)` are legal. The same in
 * every copy of the library: what a test takes over may be another copy's.
 */
export const LIVE: unique symbol = /* @__PURE__ */ Symbol.for("cohort:live") as never;

/** Tells this copy of the library from others. */
export const COPY: unique symbol = /* @__PURE__ */ Symbol("copy");

/** What one can wait under: its cancellation ends the wait. A scope of the library's, or a signal that was handed in. */
export interface Waitable {
  /** Why it was cancelled, or LIVE. */
  readonly reason: unknown;
  readonly isCancelled: boolean;
  readonly hasEnded: boolean;
  /** How messages name it. */
  readonly title: string;
  /** What tells whether it may be used here, where the host cares. */
  readonly tie?: Tie | undefined;
  addWait(wait: Wait): void;
  dropWait(wait: Wait): Wait;
}
