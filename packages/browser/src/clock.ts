/** How far apart the page's two clocks may be, in ms, before the wall clock is believed. */
const TOLERANCE = 1000;

/** How far the wall clock is ahead of the steady one, as far as that is believed. */
let ahead = 0;

/**
 * Ms since the Unix epoch. It runs with `performance.now()`, which nobody can set; but in some engines that clock stands
 * still while the machine sleeps, and a page that has slept for a night would take 8 o'clock for midnight. So once
 * `Date.now()` has run away from it by more than a second, this clock is set by the date. A user who sets the date does
 * the same: that can't be told from sleep.
 */
export function now(): number {
  const steady = performance.timeOrigin + performance.now();
  const gap = Date.now() - steady;
  if (Math.abs(gap - ahead) > TOLERANCE) ahead = gap;
  return steady + ahead;
}
