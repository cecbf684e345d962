import { type Brand, type Branded, isInstance, ownIdentity } from "./brand.ts";
import type { TaskInfo } from "./task-info.ts";

/** What every error class of the library shares: `name`, `code`, and `instanceof` across copies of the library. */
abstract class CohortError<Name extends string, Code extends string> extends Error implements Branded {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, value);
  }

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    ownIdentity(this);
  }

  abstract get "cohort:brand"(): Brand<Name, Code>;

  override get name(): Name {
    return this["cohort:brand"][0];
  }

  /** Stable; the message is not. */
  get code(): Code {
    return this["cohort:brand"][1];
  }
}

/**
 * The reason of a cancellation that the library made; its `cause` says why: the failure, the deadline or what `cancel()`
 * was given. Python: `asyncio.CancelledError`.
 *
 * Its name is `"AbortError"` because that is what the ecosystem's code looks for (CA-3); `code` and `instanceof` tell it
 * from a platform's abort.
 *
 * @example
 * ```ts
 * try {
 *   await task;
 * } catch (error) {
 *   if (!(error instanceof CancelledError)) throw error;
 * }
 * ```
 */
export class CancelledError extends CohortError<"AbortError", "COHORT_CANCELLED"> {
  override get "cohort:brand"(): Brand<"AbortError", "COHORT_CANCELLED"> {
    return ["AbortError", "COHORT_CANCELLED"];
  }
}

/**
 * An error that is not an ordinary failure: an `ExceptionGroup` can't hold it, a `BaseExceptionGroup` can (EG-0, EG-1).
 * Python: `BaseException`, save that every JavaScript error that isn't one of these counts as an `Exception`.
 */
export class BaseException extends CohortError<string, `COHORT_${string}`> {
  override get "cohort:brand"(): Brand<string, `COHORT_${string}`> {
    return ["BaseException", "COHORT_BASE_EXCEPTION"];
  }
}

/** The user asked the program to stop. A group lets it out bare, after draining (ER-5). Python: `KeyboardInterrupt`. */
export class KeyboardInterrupt extends BaseException {
  override get "cohort:brand"(): Brand<string, "COHORT_KEYBOARD_INTERRUPT"> {
    return ["KeyboardInterrupt", "COHORT_KEYBOARD_INTERRUPT"];
  }
}

/**
 * Code asked the program to end with `exitCode`. A group lets it out bare, after draining (ER-5). Python: `SystemExit`.
 *
 * @example
 * ```ts
 * if (badConfiguration) throw new SystemExit(78);
 * ```
 */
export class SystemExit extends BaseException {
  readonly exitCode: number;

  constructor(exitCode = 0) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }

  override get "cohort:brand"(): Brand<string, "COHORT_SYSTEM_EXIT"> {
    return ["SystemExit", "COHORT_SYSTEM_EXIT"];
  }
}

/** A deadline expired (TO-1). Python: the built-in `TimeoutError` that `asyncio.timeout()` raises. */
export class TimeoutError extends CohortError<string, "COHORT_TIMEOUT"> {
  override get "cohort:brand"(): Brand<string, "COHORT_TIMEOUT"> {
    return ["TimeoutError", "COHORT_TIMEOUT"];
  }
}

/** The object isn't in a state that allows the call: a finished group, an unfinished task. Python: `InvalidStateError`. */
export class InvalidStateError extends CohortError<string, "COHORT_INVALID_STATE"> {
  override get "cohort:brand"(): Brand<string, "COHORT_INVALID_STATE"> {
    return ["InvalidStateError", "COHORT_INVALID_STATE"];
  }
}

/** So many tasks are named in a message. */
const LISTED = 10;

/** A block with `abandonAfter` stopped waiting for `tasks`, which are still running (CA-8). Python has no counterpart. */
export class AbandonedError extends CohortError<string, "COHORT_ABANDONED"> {
  readonly tasks: readonly TaskInfo[];

  constructor(tasks: readonly TaskInfo[], options?: ErrorOptions) {
    const listed = tasks.slice(0, LISTED).map(({ path }) => path.join(" > "));
    const rest = tasks.length - listed.length;
    super(`stopped waiting for ${listed.join(", ")}${rest ? ` and ${rest} more` : ""}`, options);
    this.tasks = Object.freeze([...tasks]);
  }

  override get "cohort:brand"(): Brand<string, "COHORT_ABANDONED"> {
    return ["AbandonedError", "COHORT_ABANDONED"];
  }
}

/** The client of a request went away before the response was finished. Python has no counterpart in asyncio. */
export class DisconnectedError extends CohortError<string, "COHORT_DISCONNECTED"> {
  override get "cohort:brand"(): Brand<string, "COHORT_DISCONNECTED"> {
    return ["DisconnectedError", "COHORT_DISCONNECTED"];
  }
}

/** `tryPut()` on a queue that has no room. Python: `asyncio.QueueFull`. */
export class QueueFull extends CohortError<string, "COHORT_QUEUE_FULL"> {
  override get "cohort:brand"(): Brand<string, "COHORT_QUEUE_FULL"> {
    return ["QueueFull", "COHORT_QUEUE_FULL"];
  }
}

/** `tryGet()` on a queue that has no item. Python: `asyncio.QueueEmpty`. */
export class QueueEmpty extends CohortError<string, "COHORT_QUEUE_EMPTY"> {
  override get "cohort:brand"(): Brand<string, "COHORT_QUEUE_EMPTY"> {
    return ["QueueEmpty", "COHORT_QUEUE_EMPTY"];
  }
}

/** The queue was shut down: nothing can be put, and there is nothing left to get. Python: `asyncio.QueueShutDown`. */
export class QueueShutDown extends CohortError<string, "COHORT_QUEUE_SHUT_DOWN"> {
  override get "cohort:brand"(): Brand<string, "COHORT_QUEUE_SHUT_DOWN"> {
    return ["QueueShutDown", "COHORT_QUEUE_SHUT_DOWN"];
  }
}

/** The barrier was reset while somebody waited, or was aborted. Python: `asyncio.BrokenBarrierError`. */
export class BrokenBarrierError extends CohortError<string, "COHORT_BROKEN_BARRIER"> {
  override get "cohort:brand"(): Brand<string, "COHORT_BROKEN_BARRIER"> {
    return ["BrokenBarrierError", "COHORT_BROKEN_BARRIER"];
  }
}
