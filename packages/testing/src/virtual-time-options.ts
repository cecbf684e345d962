import type { VirtualTimeOptions } from "./test-clock.ts";

const PATIENCE = 1000;
/** What real timers can count. */
const LONGEST = 2 ** 31 - 1;

interface Checked {
  readonly seed: number | undefined;
  readonly start: number;
  readonly autoJump: boolean;
  readonly cushion: number;
  readonly patience: number;
}

/** The options with their defaults. Throws a TypeError or RangeError for what is none, before anything is taken over. */
export function checkOptions(options: VirtualTimeOptions): Checked {
  if (typeof options !== "object" || options === null) throw new TypeError("the options must be an object");
  const { seed, start = 0, autoJump = true, cushion = 0, patience = PATIENCE } = options;
  checkReal("cushion", cushion);
  if (patience !== Infinity) checkReal("patience", patience);
  if (!Number.isFinite(Number(start)))
    throw new RangeError(`start must be a Date or a finite number of ms: ${String(start)}`);
  return { seed, start: Number(start), autoJump, cushion, patience };
}

function checkReal(what: string, ms: number): void {
  if (typeof ms !== "number") throw new TypeError(`${what} must be a number of ms, not ${typeof ms}`);
  if (!(ms >= 0 && ms <= LONGEST)) throw new RangeError(`${what} must be from 0 to ${LONGEST} ms: ${ms}`);
}
