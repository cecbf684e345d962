import { Block, type Place } from "./block.ts";
import { InvalidStateError } from "./errors.ts";
import { Expiry } from "./expiry.ts";
import type { Draining } from "./scope.ts";
import { LIVE } from "./waitable.ts";

/** What `failAfter` and `moveOnAfter` open. asyncio: Timeout; Trio: a cancel scope with a deadline. */
export class DeadlineBlock extends Block {
  override readonly kind: "deadline" | "shield" | "task" = "deadline";
  protected readonly expiry: Expiry = new Expiry(this);
  private readonly firstDeadline: number;

  constructor(
    place: Place,
    moment: (now: number) => number,
    options: Draining & { readonly name?: string | undefined },
  ) {
    super(place, options.name, options);
    this.firstDeadline = moment(this.expiry.start);
  }

  protected override get defaultName(): string {
    return "Deadline";
  }

  override open(): void {
    super.open();
    this.expiry.begin(this.firstDeadline);
  }

  get expired(): boolean {
    return this.expiry.error !== undefined;
  }

  get when(): number {
    return this.expiry.when;
  }

  reschedule(when: number): void {
    if (this.expired || this.isOver) {
      throw new InvalidStateError(`${this.title} has ${this.expired ? "expired" : "ended"} and can't be rescheduled`);
    }
    this.expiry.set(when);
  }

  /** Did the body end cancelled by this deadline and by nothing outside (TO-4)? */
  get timedOut(): boolean {
    return this.body === "cancelled" && this.expired && this.outside === LIVE;
  }

  override outcome(): unknown {
    const { abandoned } = this;
    if (abandoned !== undefined && this.body !== "failed") throw abandoned;
    if (this.body === "done") return this.value;
    if (this.body === "failed") {
      if (abandoned !== undefined) this.runtime.adapter.reportWarning(abandoned.message, abandoned.tasks);
      throw this.value;
    }
    if (this.outside !== LIVE) throw this.outside;
    this.made = this.expiry.error;
    throw this.made ?? this.reason;
  }
}

/** Turns a moment into the runtime's ms. Throws a TypeError or RangeError for what isn't one. */
export function toMoment(when: Date | number): number {
  const moment = when instanceof Date ? when.getTime() : when;
  if (typeof moment !== "number") throw new TypeError(`a moment must be a Date or a number, not ${typeof moment}`);
  if (Number.isNaN(moment)) throw new RangeError("a moment must not be NaN");
  return moment;
}
