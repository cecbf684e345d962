import type { Abandonment, Block } from "./block.ts";
import { cancel, childrenOf } from "./cancel-scope.ts";
import { InvalidStateError } from "./errors.ts";
import type { RuntimeAdapter } from "./runtime-adapter.ts";
import type { RuntimeState } from "./runtime.ts";
import { type Runtime } from "./runtime.ts";
import { listeningSignals } from "./signal-hub.ts";

/** A runtime in the hands of a test. */
export interface TakeOver {
  /** Is anything of the test's open: a block, or a wait for nobody's sake? */
  isOpen(): boolean;
  /** How many signals that were handed in have a listener of the library's that they hadn't before. */
  listening(): number;
  /**
   * Cancels from outside all that is open, and all that is still to be opened, with this very reason. `"blocks"` leaves
   * out who waits for nobody's sake, such as a floating `sleep(ms)`: its rejection would be nobody's.
   */
  cancel(reason: unknown, whom: "everybody" | "blocks"): void;
  /** Ends the waiting for what ignores its cancellation: each outermost block ends with this error, as by `abandonAfter`. */
  abandon(error: Abandonment): void;
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
  if (host.current !== host) {
    const whom = "by a test that runs at the same time, or that hasn't come to its end";
    throw new InvalidStateError(`runtime "${host.name}" has been taken over already, ${whom}`);
  }
  // Made by the class of the runtime itself, which may come from another copy of the library.
  const own = new (host.constructor as typeof RuntimeState)(change(host.adapter));
  own.installed = host.installed;
  own.observe();
  host.current = own;
  const before = listeningSignals();
  return {
    isOpen: () => own.root.children !== undefined || own.root.waits !== undefined,
    listening: () => listeningSignals() - before,
    cancel(reason, whom) {
      if (whom === "blocks") own.root.waits = undefined;
      cancel(own.root, reason);
    },
    abandon(error) {
      // Nothing but blocks hangs below a root.
      for (const child of [...childrenOf(own.root)] as Block[]) if (!child.isOver) child.giveUp(error);
    },
    end() {
      if (host.current === own) host.current = host;
    },
  };
}
