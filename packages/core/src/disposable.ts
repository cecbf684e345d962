/** Makes a function `using`-disposable, where the engine knows the symbol (WebKit 2.50 doesn't). */
export function disposable<F extends () => void>(stop: F): F & Disposable {
  return Object.assign(stop, Symbol.dispose && { [Symbol.dispose]: stop }) as F & Disposable;
}

/** What releases a resource: its asynchronous disposal, if it has one, or else the other. */
export function disposalOf(resource: unknown): (() => unknown) | undefined {
  const dispose =
    (resource as Partial<AsyncDisposable> | null | undefined)?.[Symbol.asyncDispose] ??
    (resource as Partial<Disposable> | null | undefined)?.[Symbol.dispose];
  return typeof dispose === "function" ? () => dispose.call(resource) : undefined;
}
