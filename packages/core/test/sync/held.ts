import type { Mutex, Permit, Semaphore } from "@cohort/core";

/** Takes a permit that is free. */
export function take(semaphore: Semaphore): Permit {
  const permit = semaphore.tryAcquire();
  if (permit === undefined) throw new Error("no permit is free");
  return permit;
}

/** Locks a mutex that is free. */
export function lockNow(mutex: Mutex): Permit {
  const permit = mutex.tryLock();
  if (permit === undefined) throw new Error("the mutex is locked");
  return permit;
}
