import { disposalOf } from "./disposable.ts";

/** What a group releases after every member has ended: last in, first out, each awaited (CO-8). */
export class Cleanups {
  private readonly stack: (() => unknown)[] = [];

  get isEmpty(): boolean {
    return this.stack.length === 0;
  }

  defer(cleanup: () => unknown): void {
    if (typeof cleanup !== "function") throw new TypeError(`defer needs a function, not ${typeof cleanup}`);
    this.stack.push(cleanup);
  }

  /** Looks the method up now: what is missing is the caller's mistake, not a failure at the end. */
  use(resource: Disposable | AsyncDisposable): void {
    const dispose = disposalOf(resource);
    if (dispose === undefined) throw new TypeError("use needs a disposable resource");
    this.defer(dispose);
  }

  /**
   * Runs them all, also those that a cleanup adds, whatever has been cancelled: that is their shield. `over` is called in
   * the very turn in which the last one has ended, not on the promise's, which is later (LC-1).
   */
  async run(failed: (error: unknown) => void, over: () => void): Promise<void> {
    for (let cleanup = this.stack.pop(); cleanup !== undefined; cleanup = this.stack.pop()) {
      try {
        await cleanup();
      } catch (error) {
        failed(error);
      }
    }
    over();
  }
}
