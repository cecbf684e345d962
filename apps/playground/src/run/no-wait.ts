import type { TestClock } from "@cohort/testing";

/** So many waits of no time may end at one moment. */
const MOST = 1000;

/**
 * Ms that a wait of no time takes: none, until very many have ended at one moment. Then it takes one, since a loop of such
 * waits would stop the time for ever that it waits for; a browser's timers take longer, too, once they nest.
 */
export function noWait(clock: TestClock): () => number {
  let moment = -1;
  let count = 0;
  return () => {
    if (clock.elapsed !== moment) [moment, count] = [clock.elapsed, 0];
    return ++count > MOST ? 1 : 0;
  };
}
