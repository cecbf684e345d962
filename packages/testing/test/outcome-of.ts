/** What a promise settled with: its value, or its error. */
export function outcomeOf(promise: PromiseLike<unknown>): PromiseLike<unknown> {
  return promise.then(
    (value) => value,
    (error: unknown) => error,
  );
}
