import { append, remove } from "./linked-list.ts";
import type { Wait } from "./wait.ts";
import { LIVE, type Waitable } from "./waitable.ts";

/** The library's own signals, so that a wait on one needs no listener, and the hubs of those that somebody waits on now. */
const waitables: WeakMap<AbortSignal, Waitable> = /* @__PURE__ */ new WeakMap();
let listening = 0;

/**
 * An AbortSignal that was handed in. It has one listener on the signal while anybody waits on it: a listener per wait
 * would be quadratic, and one that stays would keep the waiters alive as long as the signal (CA-9). It belongs to no
 * runtime: a Semaphore doesn't either.
 */
class SignalHub implements Waitable {
  readonly hasEnded = false;
  readonly title = "the signal";
  private readonly source: AbortSignal;
  private readonly listener: () => void = () => this.aborted();
  private waits: Wait | undefined;

  constructor(signal: AbortSignal) {
    this.source = signal;
  }

  /** Of the signal itself: an older listener of somebody else's runs before this one's. */
  get reason(): unknown {
    return signalReason(this.source);
  }

  get isCancelled(): boolean {
    return this.reason !== LIVE;
  }

  addWait(wait: Wait): void {
    if (this.waits === undefined) {
      waitables.set(this.source, this);
      this.source.addEventListener("abort", this.listener);
      listening++;
    }
    this.waits = append(this.waits, wait);
  }

  dropWait(wait: Wait): Wait {
    this.waits = remove(this.waits, wait);
    if (this.waits === undefined) {
      this.source.removeEventListener("abort", this.listener);
      waitables.delete(this.source);
      listening--;
    }
    return wait;
  }

  private aborted(): void {
    const { reason } = this.source;
    while (this.waits !== undefined) this.dropWait(this.waits).cancelled(reason);
  }
}

/** Makes a signal of the library's known as the signal of its scope. */
export function adoptSignal(signal: AbortSignal, scope: Waitable): void {
  waitables.set(signal, scope);
}

/** What stands behind a signal: the library's own scope, the hub that exists, or a new hub. */
export function waitableOf(signal: AbortSignal): Waitable {
  checkSignal(signal);
  return waitables.get(signal) ?? new SignalHub(signal);
}

/** Refuses what isn't an AbortSignal. */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal?.addEventListener !== "function") throw new TypeError("neither a scope nor an AbortSignal");
}

/** Is the signal's scope cancelled? Asks the signal itself too: a hub is told by an event, and hears nothing without waits. */
export function signalReason(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : LIVE;
}

/** How many signals that were handed in have a listener of the library's now: a test of residue (CA-9). */
export function listeningSignals(): number {
  return listening;
}
