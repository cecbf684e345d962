import { checkDuration } from "./wait.ts";

/**
 * When a background task runs again (CO-6). It never does after a cancellation, a `KeyboardInterrupt` or a `SystemExit`.
 * Erlang: a supervisor's restart type and intensity.
 *
 * @example
 * ```ts
 * const restart: Restart = {
 *   on: "failure", delay: 100, factor: 2, maxDelay: 30_000, jitter: true, intensity: { max: 10, per: 60_000 },
 * };
 * ```
 */
export interface Restart {
  /** After failures only, or also when the function has returned. */
  on: "failure" | "always";
  /** Ms before the first restart; finite. */
  delay: number;
  /**
   * The delay of each further restart in a row is so many times longer. Default: 1. The row ends with a run that lasted
   * longer than `intensity.per`, without that `maxDelay`, without that the delay before it: the next delay is the first again.
   */
  factor?: number | undefined;
  /** The most that the delay grows to, in ms. Default: Infinity. */
  maxDelay?: number | undefined;
  /** Draws each delay between 0 and what it would be, so that a thousand clients don't come back at once. Default: false. */
  jitter?: boolean | undefined;
  /** Gives up instead of restarting more than `max` times within `per` ms. Default: never. */
  intensity?: { readonly max: number; readonly per: number } | undefined;
}

/** Counts the restarts of one task and says how long to wait before the next. */
export class RestartRule {
  readonly on: Restart["on"];
  readonly intensity: Restart["intensity"];
  private readonly firstDelay: number;
  private readonly factor: number;
  private readonly maxDelay: number;
  private readonly jitter: boolean;
  /** Of the last restart in the row, without the jitter; undefined before the first. */
  private delay: number | undefined;
  /** When the last restarts were made, as many as the intensity counts. */
  private readonly moments: number[] = [];

  constructor({ on, delay, factor = 1, maxDelay = Infinity, jitter = false, intensity }: Restart) {
    if (on !== "failure" && on !== "always") throw new TypeError('restart.on must be "failure" or "always"');
    checkDuration(delay);
    checkDuration(maxDelay);
    // So that a delay of 0 stays 0, whatever it is multiplied with.
    if (delay === Infinity) throw new RangeError("restart.delay must be finite");
    checkNumber("restart.factor", factor, factor >= 1 && factor < Infinity, "1 or more, and finite");
    if (typeof jitter !== "boolean") throw new TypeError("restart.jitter must be true or false");
    if (intensity !== undefined) {
      const { max, per } = intensity;
      checkNumber("restart.intensity.max", max, Number.isInteger(max) && max > 0, "a positive integer");
      checkDuration(per);
      this.intensity = { max, per };
    }
    this.on = on;
    this.firstDelay = delay;
    this.factor = factor;
    this.maxDelay = maxDelay;
    this.jitter = jitter;
  }

  /** Ms until the next run, after one that `lasted` so long; undefined if that would be one restart too many. */
  next(now: number, lasted: number, random: () => number): number | undefined {
    const { delay, maxDelay, moments, intensity } = this;
    const calm = intensity?.per ?? (maxDelay === Infinity ? delay : maxDelay);
    const isInARow = delay !== undefined && lasted <= (calm as number);
    this.delay = Math.min(isInARow ? delay * this.factor : this.firstDelay, maxDelay);
    const wait = this.jitter ? random() * this.delay : this.delay;
    if (intensity === undefined) return wait;
    const moment = now + wait;
    while (moments.length > 0 && (moments[0] as number) < moment - intensity.per) moments.shift();
    if (moments.length >= intensity.max) return undefined;
    moments.push(moment);
    return wait;
  }
}

function checkNumber(what: string, value: unknown, isRight: boolean, right: string): void {
  if (typeof value !== "number") throw new TypeError(`${what} must be a number, not ${typeof value}`);
  if (!isRight) throw new RangeError(`${what} must be ${right}: ${value}`);
}
