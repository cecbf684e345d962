import type { Trial } from "../trial.ts";

/** What a case uses of Node's class. */
export interface AsyncLocalStorage<T> {
  run<R>(store: T, fn: () => R): R;
  getStore(): T | undefined;
}

interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/** A store of the host's async context. Skips the case where the host has none. */
export function asyncLocalStorage<T>(trial: Trial): AsyncLocalStorage<T> {
  const { process } = globalThis as unknown as Host;
  const module = process?.getBuiltinModule?.("node:async_hooks");
  if (module === undefined) return trial.skip("the host has no AsyncLocalStorage that could be had without an import");
  const { AsyncLocalStorage: Storage } = module as { readonly AsyncLocalStorage: new () => AsyncLocalStorage<T> };
  return new Storage();
}
