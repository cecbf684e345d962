import type { TestClock } from "@cohort/testing";
import { replace } from "./replace.ts";

/** Lets `Date` tell a virtual clock's time, called or constructed; returns what gives the host's back. */
export function useVirtualDate(clock: TestClock): () => void {
  const Real = Date;
  // Not a class, which can't be called, nor a proxy, through which a program's own `Date.now` would reach the host's.
  function VirtualDate(...args: unknown[]): unknown {
    if (new.target === undefined) return new Real(clock.now()).toString();
    return Reflect.construct(Real, args.length === 0 ? [clock.now()] : args, new.target) as Date;
  }
  // The prototype too: every date is an instance of this one.
  Object.defineProperties(VirtualDate, {
    ...Object.getOwnPropertyDescriptors(Real),
    now: { value: () => clock.now(), configurable: true, writable: true },
  });
  const restores = [
    replace(globalThis, "Date", VirtualDate as unknown as DateConstructor),
    replace(Real.prototype as object, "constructor" as never, VirtualDate as never),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}
