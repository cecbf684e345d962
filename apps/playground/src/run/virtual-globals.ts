import { sleep } from "@cohort/browser";
import type { TestClock } from "@cohort/testing";
import { virtualFetch } from "./virtual-fetch.ts";

type Callback = (...args: unknown[]) => unknown;

/**
 * Lets the program's own `setTimeout`, `Date`, `performance.now` and `fetch` count on a virtual clock, as its sleeps do;
 * returns what gives the host's back. The library doesn't use them while its clock is taken over.
 */
export function useVirtualGlobals(clock: TestClock): () => void {
  const timers = virtualTimers();
  const restores = [
    replace(globalThis, "fetch", virtualFetch(clock)),
    replace(globalThis, "setTimeout", timers.setTimeout as unknown as typeof setTimeout),
    replace(globalThis, "setInterval", timers.setInterval as unknown as typeof setInterval),
    replace(globalThis, "clearTimeout", timers.clear as typeof clearTimeout),
    replace(globalThis, "clearInterval", timers.clear as typeof clearInterval),
    replace(globalThis, "Date", virtualDate(clock)),
    replace(performance, "now", () => clock.elapsed),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

function replace<T extends object, K extends keyof T>(owner: T, name: K, value: T[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) delete owner[name];
    else Object.defineProperty(owner, name, before);
  };
}

function virtualTimers() {
  const open = new Map<number, AbortController>();
  let last = 0;

  /** It waits for nobody's sake, as a real timer does. */
  function set(again: boolean, callback: Callback, ms: number, args: readonly unknown[]): number {
    const id = ++last;
    const stop = new AbortController();
    open.set(id, stop);
    const wait = Math.max(again ? 1 : 0, Number(ms) || 0);
    const next = (): void =>
      void sleep(wait, stop.signal).then(
        () => {
          if (again) next();
          else open.delete(id);
          // What it throws is an unhandled rejection, which is shown as the output of the program.
          callback(...args);
        },
        // It was cleared, or the clock was closed.
        () => open.delete(id),
      );
    next();
    return id;
  }

  return {
    setTimeout: (callback: Callback, ms = 0, ...args: unknown[]) => set(false, callback, ms, args),
    setInterval: (callback: Callback, ms = 0, ...args: unknown[]) => set(true, callback, ms, args),
    clear: (id?: number): void => {
      open.get(id as number)?.abort();
      open.delete(id as number);
    },
  };
}

function virtualDate(clock: TestClock): DateConstructor {
  const Real = Date;
  return class VirtualDate extends Real {
    constructor(...args: [] | [number]) {
      super(...(args.length === 0 ? ([clock.now()] as const) : args));
    }

    static override now(): number {
      return clock.now();
    }
  } as unknown as DateConstructor;
}
