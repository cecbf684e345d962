import { type TaskGroup, type TaskScope, TimeoutError } from "@cohort/core";
import { adapter } from "./adapter.ts";

export interface BudgetOptions {
  /** Ms that the platform lets work go on after the response or the client's leaving. Default: 30 000, which is Cloudflare's. */
  readonly budget?: number | undefined;
  /** Ms before the end of the budget at which what is open is cancelled, so that it can clean up. Default: a sixth of the budget. */
  readonly cleanup?: number | undefined;
}

/** The platform ends a request so long after its response. */
const PLATFORM = 30_000;

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
    return this.total === Infinity ? 5000 : Math.min(5000, this.cleanup / 2);
  }

  /**
   * From now on the budget runs: when only the time for cleanups is left, `cancel` is called with a TimeoutError, and what
   * was open is named by a warning. Ends with the group; a group that is cancelled needs no deadline.
   */
  start(group: TaskGroup, cancel: (reason: TimeoutError) => void): void {
    if (this.total === Infinity || group.isCancelled()) return;
    const watch = async ({ id: own, sleep }: TaskScope): Promise<void> => {
      await sleep(this.total - this.cleanup);
      const text = `the waitUntil budget of ${this.total} ms is used up but for ${this.cleanup} ms of cleanup`;
      const open = [...group.tasks].filter(({ id }) => id !== own).map(({ id, name, path }) => ({ id, name, path }));
      // Where nothing but the body itself is left, its group is all that has a name.
      const paths = open.length > 0 ? open.map(({ path }) => path) : [group.path];
      adapter.reportWarning(`${text}: cancelled ${paths.map((path) => path.join(" > ")).join(", ")}`, open);
      cancel(new TimeoutError(text));
    };
    // In the background: it ends with the last of the others, and leaves no timer behind.
    group.createTask(watch, { name: "waitUntil budget", background: true });
  }
}

function checkMs(what: string, ms: number, most: number): void {
  if (typeof ms !== "number") throw new TypeError(`${what} must be a number of ms, not ${typeof ms}`);
  if (!(ms >= 0 && ms <= most)) throw new RangeError(`${what} must be from 0 to ${most} ms: ${ms}`);
}
