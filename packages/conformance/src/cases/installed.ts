import type { Instrument } from "@cohort/core";
import type { Trial } from "../trial.ts";

/** Installs an instrument until the result is called, or until the case is over. */
export function install(trial: Trial, instrument: Instrument): () => void {
  // Called where the host has no Symbol.dispose: then there is no other way to take it out.
  const installed = trial.api.addInstrument(instrument) as Partial<Disposable> | (() => void);
  const takeOut = (): void => {
    if (typeof installed === "function") installed();
    else installed[Symbol.dispose]?.();
  };
  trial.afterwards(takeOut);
  return takeOut;
}
