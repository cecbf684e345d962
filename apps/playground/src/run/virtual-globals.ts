import type { TestClock } from "@cohort/testing";
import { noWait } from "./no-wait.ts";
import { replace } from "./replace.ts";
import { useVirtualDate } from "./virtual-date.ts";
import { virtualFetch } from "./virtual-fetch.ts";
import { type HostScheduler, virtualScheduler } from "./virtual-scheduler.ts";
import { virtualTimeout, virtualTimers } from "./virtual-timers.ts";

function noScheduler(): never {
  throw new TypeError("the host has no scheduler");
}

/**
 * Lets what programs have of the host to wait and to tell the time by count on a virtual clock, as their sleeps do: timers,
 * frames, `AbortSignal.timeout`, `scheduler`, `Date`, `performance.now` and `fetch`. Returns what gives the host's back. The
 * library doesn't use them while its clock is taken over.
 */
export function useVirtualGlobals(clock: TestClock): () => void {
  const still = noWait(clock);
  const timers = virtualTimers(clock, still);
  const host = globalThis;
  const start = clock.now() - clock.elapsed;
  const restores = [
    useVirtualDate(clock),
    replace(host, "fetch", virtualFetch(clock)),
    replace(host, "setTimeout", timers.setTimeout as unknown as typeof setTimeout),
    replace(host, "setInterval", timers.setInterval as unknown as typeof setInterval),
    replace(host, "clearTimeout", timers.clear as typeof clearTimeout),
    replace(host, "clearInterval", timers.clear as typeof clearInterval),
    replace(AbortSignal, "timeout", virtualTimeout),
    replace(performance, "now", () => clock.elapsed),
    replace(performance, "timeOrigin" as "now", start as never),
  ];
  // What the host hasn't got, programs haven't got either;
  if (typeof host.requestAnimationFrame === "function") {
    restores.push(
      replace(host, "requestAnimationFrame", timers.requestAnimationFrame),
      replace(host, "cancelAnimationFrame", timers.clear),
    );
  }
  // but for the scheduler: without one the library yields by turns of the host, which no clock counts.
  const prioritized = host as { scheduler?: HostScheduler | undefined };
  restores.push(
    replace(prioritized, "scheduler", virtualScheduler(prioritized.scheduler ?? { yield: noScheduler }, still)),
  );
  return () => {
    for (const restore of restores) restore();
  };
}
