/** Runs as far as it can without waiting, as a coroutine of Python does: it waits for what it yields, and nothing else. */
export type Coroutine<T> = Generator<PromiseLike<unknown>, T, unknown>;

/**
 * Runs a coroutine to its end. An async function for each step would wait a microtask at every end of a list of steps, and
 * members would overtake each other in ways that no program says.
 */
export async function runCoroutine<T>(coroutine: Coroutine<T>): Promise<T> {
  let next = coroutine.next();
  while (next.done !== true) {
    let value: unknown;
    try {
      value = await next.value;
    } catch (error) {
      next = coroutine.throw(error);
      continue;
    }
    next = coroutine.next(value);
  }
  return next.value;
}
