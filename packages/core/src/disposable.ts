/** Makes a function `using`-disposable, where the engine knows the symbol (WebKit 2.50 doesn't). */
export function disposable<F extends () => void>(stop: F): F & Disposable {
  return Object.assign(stop, Symbol.dispose && { [Symbol.dispose]: stop }) as F & Disposable;
}
