import { cancel, CancelScope, LIVE } from "./cancel-scope.ts";
import type { RuntimeState } from "./runtime.ts";
import type { Wait } from "./wait.ts";

/**
 * An AbortSignal that was handed in, as a scope. It has one listener on the signal while anybody waits on it: a listener
 * per wait would be quadratic, and one that stays would keep the waiters alive as long as the signal (CA-9).
 */
export class SignalHub extends CancelScope {
  override readonly kind = "signal";
  override readonly state = "open";
  private readonly source: AbortSignal;
  private readonly listener: () => void = () => cancel(this, this.source.reason);

  constructor(runtime: RuntimeState, signal: AbortSignal) {
    super(runtime, undefined, "signal");
    this.source = signal;
    if (signal.aborted) this.reason = signal.reason;
  }

  override get signal(): AbortSignal {
    return this.source;
  }

  override get isBusy(): boolean {
    return false;
  }

  override get hasEnded(): boolean {
    return false;
  }

  override childEnded(): void {}

  override addWait(wait: Wait): void {
    if (this.waits === undefined) {
      this.runtime.hubs.set(this.source, this);
      this.source.addEventListener("abort", this.listener);
    }
    super.addWait(wait);
  }

  override dropWait(wait: Wait): Wait {
    super.dropWait(wait);
    if (this.waits === undefined) {
      this.source.removeEventListener("abort", this.listener);
      this.runtime.hubs.delete(this.source);
    }
    return wait;
  }
}

/** The scope behind a signal: the library's own scope, the hub that exists, or a new hub. */
export function scopeOfSignal(runtime: RuntimeState, signal: AbortSignal): CancelScope {
  if (typeof signal?.addEventListener !== "function") throw new TypeError("neither a scope nor an AbortSignal");
  return runtime.scopes.get(signal) ?? runtime.hubs.get(signal) ?? new SignalHub(runtime, signal);
}

/** Is the signal's scope cancelled? Asks the signal itself too: a hub is told by an event, and hears nothing without waits. */
export function signalReason(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : LIVE;
}
