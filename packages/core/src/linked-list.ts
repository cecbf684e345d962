/** A node of a circular doubly linked list. A node that is in no list has no neighbours. */
export interface Linked<T> {
  prev: T | undefined;
  next: T | undefined;
}

// A Set would cost each member an entry and its hash; the list costs two fields, removes in O(1) and keeps the order.

/** Puts `node` last and returns the list's head. */
export function append<T extends Linked<T>>(head: T | undefined, node: T): T {
  if (head === undefined) return (node.prev = node.next = node);
  const last = head.prev as T;
  last.next = node;
  node.prev = last;
  node.next = head;
  head.prev = node;
  return head;
}

/** Takes `node` out and returns the list's head. */
export function remove<T extends Linked<T>>(head: T | undefined, node: T): T | undefined {
  const next = node.next as T;
  const prev = node.prev as T;
  node.prev = node.next = undefined;
  if (next === node) return undefined;
  prev.next = next;
  next.prev = prev;
  return head === node ? next : head;
}

/** The nodes in order. Safe to leave early, not to change the list meanwhile. */
export function* nodesOf<T extends Linked<T>>(head: T | undefined): Generator<T, void, undefined> {
  for (let node = head; node !== undefined; node = node.next === head ? undefined : node.next) yield node;
}
