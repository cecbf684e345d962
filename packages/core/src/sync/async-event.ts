import type { For } from "../scope.ts";
import { WAIT, WaitQueue } from "./wait-queue.ts";
import { wake } from "./wake.ts";

/**
 * A flag that one can wait for (SY). Python: `asyncio.Event`.
 *
 * @example
 * ```ts
 * const ready = new AsyncEvent();
 * group.createTask(async (task) => {
 *   await ready.wait(task);
 *   await serve(task);
 * });
 * await warmUp();
 * ready.set();
 * ```
 */
export class AsyncEvent {
  private flag = false;
  private readonly queue: WaitQueue = new WaitQueue("an AsyncEvent");

  get isSet(): boolean {
    return this.flag;
  }

  /** Lets everybody through who waits, and everybody who comes, until `clear()`. */
  set(): void {
    this.flag = true;
    wake(this.queue, (waiter) => waiter.resolve());
  }

  /** Whoever comes from now on waits. Those who waited when it was set are through. */
  clear(): void {
    this.flag = false;
  }

  /**
   * Resolves as soon as it is set. Rejects with the reason of a scope that is cancelled, also if it is set; who was let
   * through before is through (LI-2).
   *
   * @param scope for whom one waits; `null` for whatever happens.
   */
  wait(scope: For | null): Promise<void> {
    return this.queue.wait(scope, () => (this.flag ? undefined : WAIT));
  }
}
