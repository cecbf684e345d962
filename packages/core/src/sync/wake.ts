import type { CancelScope } from "../cancel-scope.ts";
import type { Waiter, WaitQueue } from "./wait-queue.ts";

/** Takes out the first `count` and wakes them all at this moment, in the order of their coming, or in their runtime's. */
export function wake<T, P>(
  queue: WaitQueue<T, P>,
  tell: (waiter: Waiter<T, P>, index: number) => void,
  count: number = Infinity,
): void {
  const woken: Waiter<T, P>[] = [];
  while (woken.length < count) {
    const waiter = queue.shift();
    if (waiter === undefined) break;
    woken.push(waiter);
  }
  woken.forEach((waiter, index) => {
    // A signal that was handed in, and nobody, have no runtime.
    const adapter = (waiter.scope as Partial<CancelScope> | undefined)?.runtime?.adapter;
    if (adapter?.defer === undefined) tell(waiter, index);
    else adapter.defer(() => tell(waiter, index));
  });
}
