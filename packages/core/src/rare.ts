/** A promise and what settles it. */
export interface Deferred {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** What few scopes ever have. Apart from the record, whose size every member pays. */
export class Rare {
  /** Behind the platform's signal, once somebody has read it. */
  controller: AbortController | undefined = undefined;
  /** When it was cancelled, if the cancellation began here. */
  cancelledAt: number | undefined = undefined;
  /** A report has named it as a straggler. */
  isReported = false;
  /** Leaves the blocks that only its own function could have ended. */
  isLeaving = false;
  /** A block stopped waiting for it: how it ends is reported. */
  isAbandoned = false;

  /** Of a task whose handle somebody awaits. */
  deferred: Deferred | undefined = undefined;
  /** Somebody has awaited the handle: they have its error too (ME-9, LC-5). */
  isAwaited = false;
  /** Takes the end of a task that hasn't called `started()` yet: until then it belongs to the caller of `start()` (ME-13). */
  starting: (() => void) | undefined = undefined;
  /** Starts it, in the async context of its creation, once it has been given a slot. */
  wake: (() => void) | undefined = undefined;
  /** Where it was created, under `debug`. */
  createdAt: string | undefined = undefined;
}
