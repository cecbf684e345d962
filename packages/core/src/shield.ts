import type { Place } from "./block.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { DeadlineBlock } from "./deadline.ts";
import { cancellationTime } from "./drain.ts";
import type { ShieldOptions } from "./scope.ts";
import { checkDuration } from "./wait.ts";
import { LIVE } from "./waitable.ts";

/** A block that outer cancellation doesn't reach; whoever opened it waits, so that nothing leaks (CA-11). Trio: CancelScope(shield=True). */
export class ShieldBlock extends DeadlineBlock {
  override readonly kind = "shield";
  private readonly cancelAfter: number | undefined;

  constructor(place: Place, options: ShieldOptions) {
    const { timeout = Infinity, cancelAfter } = options;
    checkDuration(timeout);
    if (cancelAfter !== undefined) checkDuration(cancelAfter);
    super(place, (now) => now + timeout, options);
    this.reason = LIVE;
    this.cancelAfter = cancelAfter;
  }

  protected override get defaultName(): string {
    return "Shield";
  }

  override get isShield(): boolean {
    return true;
  }

  override open(): void {
    super.open();
    const ms = this.cancelAfter;
    if (ms === undefined) return;
    const outer = this.parent as CancelScope;
    const shorten = (): void => {
      const when = cancellationTime(outer) + ms;
      if (when < this.when && !this.isCancelled) this.reschedule(when);
    };
    if (outer.isCancelled) shorten();
    else this.listen(outer, shorten);
  }
}
