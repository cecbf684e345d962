// workerd has it under a compatibility flag; @cloudflare/workers-types doesn't declare it, and @types/node declares more
// than there is.
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, fn: () => R): R;
    getStore(): T | undefined;
  }
}
