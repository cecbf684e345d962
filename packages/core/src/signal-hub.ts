import { append, remove } from "./linked-list.ts";
import type { Wait } from "./wait.ts";
import { LIVE, type Waitable } from "./waitable.ts";

/** The scopes behind the library's own signals: a wait on one needs no listener. */
const scopes: WeakMap<AbortSignal, Waitable> = /* @__PURE__ */ new WeakMap();

/** The hubs of the signals that somebody waits on now: those of a runtime, or of the primitives, which belong to none. */
export class SignalHubs {
  private readonly hubs: WeakMap<AbortSignal, SignalHub> = new WeakMap();
  /** How many signals have a listener of these: a test of residue (CA-9). */
  listening = 0;

  /** What stands behind a signal: the library's own scope, the hub that exists, or a new hub. */
  of(signal: AbortSignal): Waitable {
    checkSignal(signal);
    return scopes.get(signal) ?? this.hubs.get(signal) ?? new SignalHub(signal, this);
  }

  began(signal: AbortSignal, hub: SignalHub): void {
    this.hubs.set(signal, hub);
    this.listening++;
  }

  ended(signal: AbortSignal): void {
    this.hubs.delete(signal);
    this.listening--;
  }
}

/**
 * An AbortSignal that was handed in. It has one listener on the signal while anybody waits on it: a listener per wait
 * would be quadratic, and one that stays would keep the waiters alive as long as the signal (CA-9).
 */
class SignalHub implements Waitable {
  readonly hasEnded = false;
  readonly title = "the signal";
  private readonly source: AbortSignal;
  private readonly hubs: SignalHubs;
  private readonly listener: () => void = () => this.aborted();
  private waits: Wait | undefined;

  constructor(signal: AbortSignal, hubs: SignalHubs) {
    this.source = signal;
    this.hubs = hubs;
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
      this.source.addEventListener("abort", this.listener);
      this.hubs.began(this.source, this);
    }
    this.waits = append(this.waits, wait);
  }

  dropWait(wait: Wait): Wait {
    this.waits = remove(this.waits, wait);
    if (this.waits === undefined) {
      this.source.removeEventListener("abort", this.listener);
      this.hubs.ended(this.source);
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
  scopes.set(signal, scope);
}

/** Throws a TypeError for what is no signal. */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal?.addEventListener !== "function") throw new TypeError("neither a scope nor an AbortSignal");
}

/** Is the signal's scope cancelled? Asks the signal itself too: a hub is told by an event, and hears nothing without waits. */
export function signalReason(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : LIVE;
}
