import type { CancelScope } from "./cancel-scope.ts";
import { checkLive, Wait } from "./wait.ts";

/** A wait for the last foreground member of a group to end (CO-9). */
export class Idle extends Wait {
  declare readonly resolve: () => void;
  declare readonly reject: (reason: unknown) => void;

  constructor(scope: CancelScope, resolve: () => void, reject: (reason: unknown) => void) {
    checkLive(scope);
    super(scope);
    this.resolve = resolve;
    this.reject = reject;
  }

  override get waitsFor(): string {
    return "its group to be idle";
  }

  over(): void {
    this.leave();
    this.resolve();
  }

  override cancelled(reason: unknown): void {
    this.reject(reason);
  }

  override scopeEnded(): void {
    this.resolve();
  }
}
