import type { Abandonment, Block } from "./block.ts";
import { cancel, type CancelScope, childrenOf } from "./cancel-scope.ts";
import { InvalidStateError } from "./errors.ts";
import { nodesOf } from "./linked-list.ts";
import type { RuntimeAdapter } from "./runtime-adapter.ts";
import type { Runtime, RuntimeState } from "./runtime.ts";

/** A runtime in the hands of a test. */
export interface TakeOver {
  /** Does somebody wait for a block of the test's? */
  isOpen(): boolean;
  /** What is waited for by nobody's leave, such as a floating `sleep(ms)`. */
  floating(): readonly string[];
  /** How many signals that were handed in have a listener of the runtime's. */
  listening(): number;
  /** Cancels from outside all that is open, and all that is still to be opened, with this very reason. */
  cancel(reason: unknown): void;
  /** Rejects what is waited for by nobody's leave. */
  wake(reason: unknown): void;
  /** Ends the waiting for what ignores its cancellation: each outermost block ends with this error, as by `abandonAfter`. */
  abandon(error: Abandonment): void;
  /** Gives the runtime back. What is still open goes on, on the clock that it began with. */
  end(): void;
}

/**
 * Lets everything that is bound to the runtime work on another adapter until `end()`, with a tree and a time of its own,
 * and ids that begin after `lastId`. What was open before isn't touched and not seen. For tools such as virtual time;
 * `change` gets the host's adapter.
 *
 * Throws an InvalidStateError if somebody has taken the runtime over already, a TypeError for what is no runtime.
 */
export function takeOver(
  runtime: Runtime,
  change: (host: RuntimeAdapter) => RuntimeAdapter,
  lastId: number = 0,
): TakeOver {
  const host = runtime as RuntimeState;
  if (host?.current === undefined) throw new TypeError("what is to be taken over must be a runtime");
  if (host.current !== host) {
    const whom = "by a test that runs at the same time, or that hasn't come to its end";
    throw new InvalidStateError(`runtime "${host.name}" has been taken over already, ${whom}`);
  }
  // Made by the class of the runtime itself, which may come from another copy of the library.
  const own = new (host.constructor as typeof RuntimeState)(change(host.adapter));
  const { root } = own;
  own.lastId += lastId;
  own.installed = host.installed;
  own.observe();
  host.current = own;
  return {
    isOpen: () => blocksOf(root).some(({ isOver }) => !isOver),
    floating: () => [...nodesOf(root.waits)].map(({ waitsFor }) => waitsFor ?? "something"),
    listening: () => own.hubs.listening,
    cancel(reason) {
      // Who waits whatever happens isn't told.
      const { waits } = root;
      root.waits = undefined;
      cancel(root, reason);
      root.waits = waits;
    },
    wake(reason) {
      while (root.waits !== undefined) root.dropWait(root.waits).cancelled(reason);
    },
    abandon(error) {
      for (const block of blocksOf(root)) if (!block.isOver) block.giveUp(error);
    },
    end() {
      if (host.current === own) host.current = host;
    },
  };
}

/** Nothing but blocks hangs below a root. */
function blocksOf(root: CancelScope): Block[] {
  return [...childrenOf(root)] as Block[];
}
