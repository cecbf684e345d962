import { type TaskGroup, TimeoutError } from "@cohort/core";
import { adapter } from "./adapter.ts";

export interface BudgetOptions {
  /** Ms that the platform lets work go on after the response or the client's leaving. Default: 30 000, which is Cloudflare's. */
  readonly budget?: number | undefined;
  /** Ms before the end of the budget at which what is open is cancelled, so that it can clean up. Default: a sixth of the budget. */
  readonly cleanup?: number | undefined;
}

/** The platform ends a request so long after its response. */
const PLATFORM = 30_000;

/** The most that a timer can count. */
const LONGEST = 2 ** 31 - 1;

/** As long as any cleanup may take before it is called a straggler, however short the budget's own time for it is. */
const LEAST_GRACE = 50;

/** The waitUntil budget of one invocation: a deadline that leaves time for cleanups. */
export class Budget {
  private readonly total: number;
  readonly cleanup: number;

  /** Throws a RangeError for what is no length of time, or a cleanup that is longer than the budget. */
  constructor({ budget = PLATFORM, cleanup = budget / 6 }: BudgetOptions) {
    checkMs("budget", budget, Infinity);
    checkMs("cleanup", cleanup, budget);
    this.total = budget;
    this.cleanup = Number.isFinite(cleanup) ? cleanup : 0;
  }

  /** Ms after a cancellation at which stragglers are named: the platform ends them before anybody else would say so. */
  get grace(): number {
    return this.total === Infinity ? 5000 : Math.min(5000, Math.max(LEAST_GRACE, this.cleanup / 2));
  }

  /**
   * From now on the budget runs: when only the time for cleanups is left, `cancel` is called with a TimeoutError, and what
   * is open is named by a warning. Whoever starts it stops it, by what is returned, when the group is over.
   *
   * A timer, not a member: a group that ends well must not cancel anything to get there.
   */
  start(group: TaskGroup, cancel: (reason: TimeoutError) => void): () => void {
    const ms = this.total - this.cleanup;
    if (ms > LONGEST) return () => {};
    const usedUp = (): void => {
      if (group.isCancelled()) return;
      const text = `the waitUntil budget of ${this.total} ms is used up but for ${this.cleanup} ms of cleanup`;
      const open = [...group.tasks].map(({ id, name, path }) => ({ id, name, path }));
      // Where nothing but the body itself is left, its group is all that has a name.
      const paths = open.length > 0 ? open.map(({ path }) => path) : [group.path];
      adapter.reportWarning(`${text}: cancelled ${paths.map((path) => path.join(" > ")).join(", ")}`, open);
      cancel(new TimeoutError(text));
    };
    const timer = adapter.setTimer(usedUp, ms);
    return () => adapter.clearTimer(timer);
  }
}

function checkMs(what: string, ms: number, most: number): void {
  if (typeof ms !== "number") throw new TypeError(`${what} must be a number of ms, not ${typeof ms}`);
  if (!(ms >= 0 && ms <= most)) throw new RangeError(`${what} must be from 0 to ${most} ms: ${ms}`);
}
