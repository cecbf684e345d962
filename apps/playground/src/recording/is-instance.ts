/** `instanceof` for whatever a program has thrown. Never throws: a revoked proxy, which can't be asked, is an instance of nothing. */
export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
