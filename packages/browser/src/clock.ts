/** How far ahead of this clock the date may be, in ms, before it is believed. */
const TOLERANCE = 1000;

/** Whose clocks were read last: fake timers bring their own, and with them this one starts afresh. */
let source: readonly unknown[] = [];

/** How far the date is ahead of the steady clock, as far as that is believed. */
let ahead = 0;
let latest = -Infinity;

/**
 * Ms since the Unix epoch. It never goes back: it runs with `performance.now()`, which nobody can set. But in some engines
 * that one stands still while the machine sleeps, and a page that has slept for a night would take 8 o'clock for midnight.
 * So once the date is ahead of this clock by more than a second, the clock follows. Somebody who sets the date forward
 * does the same: that can't be told from sleep. One that is set back isn't followed, or deadlines would be early by it;
 * nor is the way back from there, or a date set to and fro would let the clock run away.
 */
export function now(): number {
  const steady = performance.timeOrigin + performance.now();
  const gap = Date.now() - steady;
  if (source[0] !== Date || source[1] !== Date.now || source[2] !== performance.now) {
    // oxlint-disable-next-line typescript/unbound-method -- compared, never called
    source = [Date, Date.now, performance.now];
    [ahead, latest] = [gap, -Infinity];
  }
  if (gap - ahead > TOLERANCE) ahead = gap;
  return (latest = Math.max(latest, steady + ahead));
}
