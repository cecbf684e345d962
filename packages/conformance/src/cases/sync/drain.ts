import type { AsyncQueue } from "@cohort/core";

/** Takes out all that is in a queue, in its order. */
export function drain<T>(queue: AsyncQueue<T>): T[] {
  const items: T[] = [];
  for (let left = queue.size; left > 0; left--) items.push(queue.tryGet());
  return items;
}
