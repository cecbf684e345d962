import type { Place } from "./block.ts";
import { LIVE } from "./cancel-scope.ts";
import { DeadlineBlock } from "./deadline.ts";
import type { ShieldOptions } from "./scope.ts";
import { checkDuration, CancelCallback } from "./wait.ts";

/** A block that outer cancellation doesn't reach; whoever opened it waits, so that nothing leaks (CA-11). Trio: CancelScope(shield=True). */
export class ShieldBlock extends DeadlineBlock {
  override readonly kind = "shield";
  readonly #cancelAfter: number | undefined;
  #outer: CancelCallback | undefined;

  constructor(place: Place, options: ShieldOptions) {
    const { timeout = Infinity, cancelAfter } = options;
    checkDuration(timeout);
    if (cancelAfter !== undefined) checkDuration(cancelAfter);
    super(place, place.runtime.adapter.now() + timeout, options);
    this.reason = LIVE;
    this.#cancelAfter = cancelAfter;
  }

  protected override get defaultName(): string {
    return "Shield";
  }

  override get isShield(): boolean {
    return true;
  }

  override open(): void {
    super.open();
    const ms = this.#cancelAfter;
    if (ms === undefined) return;
    const shorten = (): void => {
      const when = this.runtime.adapter.now() + ms;
      if (when < this.when && !this.expired) this.reschedule(when);
    };
    const outer = this.parent as NonNullable<typeof this.parent>;
    if (outer.isCancelled) shorten();
    else this.#outer = new CancelCallback(outer, shorten);
  }

  protected override end(): void {
    this.#outer?.leave();
    super.end();
  }
}
