import type { Trial } from "../trial.ts";

interface Host {
  readonly process?: {
    listeners?(event: string): ((error: unknown) => void)[];
    on?(event: string, listener: (error: unknown) => void): void;
    removeAllListeners?(event: string): void;
  };
  readonly addEventListener?: (event: string, listener: (event: UncaughtEvent) => void) => void;
  readonly removeEventListener?: (event: string, listener: (event: UncaughtEvent) => void) => void;
}

interface UncaughtEvent {
  readonly error?: unknown;
  preventDefault(): void;
}

/**
 * Takes the errors that the host reports as uncaught until the case is over: what a listener on a signal throws goes
 * there, by the platform's own rule, and would end the process.
 */
export function takeUncaught(trial: Trial): readonly unknown[] {
  const { process, addEventListener, removeEventListener } = globalThis as unknown as Host;
  const taken: unknown[] = [];
  const take = (error: unknown): void => void taken.push(error);
  if (process?.removeAllListeners !== undefined) {
    const others = process.listeners?.("uncaughtException") ?? [];
    process.removeAllListeners("uncaughtException");
    process.on?.("uncaughtException", take);
    trial.afterwards(() => {
      process.removeAllListeners?.("uncaughtException");
      for (const other of others) process.on?.("uncaughtException", other);
    });
  }
  const heard = (event: UncaughtEvent): void => {
    event.preventDefault();
    take(event.error);
  };
  addEventListener?.("error", heard);
  trial.afterwards(() => removeEventListener?.("error", heard));
  return taken;
}
