import { Block } from "./block.ts";
import { cancel, childrenOf } from "./cancel-scope.ts";
import { InvalidStateError } from "./errors.ts";
import type { RuntimeAdapter } from "./runtime-adapter.ts";
import type { RuntimeState } from "./runtime.ts";
import { type Runtime } from "./runtime.ts";
import { listeningSignals } from "./signal-hub.ts";

/** A runtime in the hands of a test. */
export interface TakeOver {
  /** Is anything of the test's open? */
  isOpen(): boolean;
  /** How many signals that were handed in have a listener of the library's that they hadn't before. */
  listening(): number;
  /** Cancels from outside all that is open, and all that is still to be opened, with this very reason. */
  cancel(reason: unknown): void;
  /** Ends the waiting for what ignores its cancellation: each outermost block ends with an `AbandonedError`. */
  abandon(): void;
  /** Gives the runtime back. What is still open goes on, on the clock that it began with. */
  end(): void;
}

/**
 * Lets everything that is bound to the runtime work on another adapter until `end()`, with ids, a tree and a time of its
 * own. What was open before isn't touched and not seen. For tools such as virtual time; `change` gets the host's adapter.
 *
 * Throws an InvalidStateError if somebody has taken the runtime over already.
 */
export function takeOver(runtime: Runtime, change: (host: RuntimeAdapter) => RuntimeAdapter): TakeOver {
  const host = runtime as RuntimeState;
  if (host.current !== host) throw new InvalidStateError(`runtime "${host.name}" has been taken over already`);
  // Made by the class of the runtime itself, which may come from another copy of the library.
  const own = new (host.constructor as typeof RuntimeState)(change(host.adapter));
  own.installed = host.installed;
  own.observe();
  host.current = own;
  const before = listeningSignals();
  return {
    isOpen: () => own.root.children !== undefined,
    listening: () => listeningSignals() - before,
    cancel: (reason) => cancel(own.root, reason),
    abandon() {
      for (const child of [...childrenOf(own.root)]) if (child instanceof Block && !child.isOver) child.giveUp();
    },
    end() {
      if (host.current === own) host.current = host;
    },
  };
}
