/** A call as a promise: what it throws at once counts as a rejection (ME-4), and a promise stays the one that it is. */
export function settled<A, T>(fn: (argument: A) => T | PromiseLike<T>, argument: A): Promise<T> {
  try {
    return Promise.resolve(fn(argument));
  } catch (error) {
    return Promise.reject(error);
  }
}
