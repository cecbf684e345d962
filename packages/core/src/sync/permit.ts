import type { For, MaybePromise } from "../scope.ts";
import { waitableFor } from "../scope-handle.ts";

/** What whoever got into a `Semaphore` or a `Mutex` holds: a place, until it is given back. `using`-disposable. */
export interface Permit extends Disposable {
  /** Gives it back, once: later calls do nothing. Works destructured. */
  release(this: void): void;
}

/** Makes a permit that gives back by this function, which is called at most once. */
export function permitFor(giveBack: () => void): Permit {
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    giveBack();
  };
  const permit = { release } as Permit;
  if (Symbol.dispose) permit[Symbol.dispose] = release; // WebKit 2.50 hasn't it
  return permit;
}

/** Calls `fn` when the permit has been acquired, and gives that back when `fn` has really ended (CA-11). */
export async function runWith<T>(acquired: Promise<Permit>, scope: For | null, fn: () => MaybePromise<T>): Promise<T> {
  // Awaits: V8 finds the caller's frames along `await`s only (DX-5).
  const { release } = await acquired;
  try {
    // Cancelled since the hand-over: to start `fn` is the next thing that fails (LI-2).
    const by = scope === null ? undefined : waitableFor(scope);
    if (by?.isCancelled) throw by.reason;
    return await fn();
  } finally {
    release();
  }
}
