import type { CancelScope } from "../cancel-scope.ts";
import type { Waiter, WaitQueue } from "./wait-queue.ts";

/**
 * Takes out the first `count` and wakes them all at this moment: in the order of their coming, or in the one that the
 * adapter of the first one's runtime likes.
 */
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
  const scope = woken[0]?.scope as Partial<CancelScope> | undefined;
  (scope?.runtime?.adapter.arrange?.(woken) ?? woken).forEach(tell);
}
