import { CancelScope } from "./cancel-scope.ts";
import type { RuntimeState } from "./runtime.ts";

/** The parent of every scope that was opened from outside any: what is open in this runtime hangs below it. */
export class RootScope extends CancelScope {
  override readonly kind = "root";
  override readonly state = "open";
  override readonly isDebug = false;
  private unwatch: (() => void) | undefined;

  constructor(runtime: RuntimeState) {
    super(runtime, undefined, undefined);
  }

  override get isBusy(): boolean {
    return false;
  }

  /** Blocks below may be cancelled by it, at a test's end; who waits whatever happens waits. */
  override get isCancelled(): boolean {
    return false;
  }

  /** Anybody may use it. */
  override get tie(): undefined {
    return undefined;
  }

  override get hasEnded(): boolean {
    return false;
  }

  /** Something has opened: the host watches for the end of the process until all has ended (DX-4). */
  watch(): void {
    this.unwatch ??= this.runtime.adapter.watchExit?.(this.runtime);
  }

  override childEnded(): void {
    if (this.children !== undefined) return;
    this.unwatch?.();
    this.unwatch = undefined;
  }
}
