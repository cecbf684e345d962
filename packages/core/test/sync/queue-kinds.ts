import { AsyncQueue, LifoQueue, PriorityQueue } from "@cohort/core";

/** Every queue, and how to make one. */
export const kinds: [string, <T>(maxSize?: number) => AsyncQueue<T>][] = [
  ["AsyncQueue", (maxSize) => new AsyncQueue(maxSize)],
  ["LifoQueue", (maxSize) => new LifoQueue(maxSize)],
  ["PriorityQueue", (maxSize) => new PriorityQueue(maxSize)],
];

/** Takes out whatever is in a queue. */
export function drain<T>(queue: AsyncQueue<T>): T[] {
  const items: T[] = [];
  while (queue.size > 0) items.push(queue.tryGet());
  return items;
}
