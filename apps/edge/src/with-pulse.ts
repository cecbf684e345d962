import type { Scope } from "@cohort/workers";

/** The items as they come, and `undefined` each time that `ms` have gone by without one. Leaving early returns the iterator. */
export async function* withPulse<T>(
  items: AsyncIterator<T, unknown>,
  ms: number,
  scope: Scope,
): AsyncGenerator<T | undefined, void, undefined> {
  try {
    let next = items.next();
    for (;;) {
      const pending = next;
      const outcome = await scope.moveOnAfter(ms, ({ abortable }) => abortable(pending));
      if (outcome.timedOut) {
        yield undefined;
        continue;
      }
      if (outcome.value.done === true) return;
      yield outcome.value.value;
      next = items.next();
    }
  } finally {
    await items.return?.();
  }
}
