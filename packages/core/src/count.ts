/** Refuses what isn't a whole number or Infinity, and what is less than `least`. */
export function checkCount(what: string, count: number, least: number = -Infinity): void {
  if (typeof count !== "number") throw new TypeError(`${what} must be a number, not ${typeof count}`);
  if (!(count >= least && (Number.isInteger(count) || Math.abs(count) === Infinity))) {
    throw new RangeError(
      `${what} must be a whole number${least === -Infinity ? "" : ` from ${least}`} or Infinity: ${count}`,
    );
  }
}
