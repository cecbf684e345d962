import type { Items } from "./items.ts";

interface Entry<T> {
  readonly item: T;
  /** When it came. */
  readonly order: number;
}

/**
 * Least first, and first in, first out among equals: a binary heap. A comparison may throw, so each place is looked for
 * first, and nothing is moved before it is found.
 */
export class Heap<T> implements Items<T> {
  private readonly compare: (a: T, b: T) => number;
  private entries: Entry<T>[] = [];
  private lastOrder = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.entries.length;
  }

  add(item: T): void {
    const entry = { item, order: ++this.lastOrder };
    const end = this.entries.length;
    let place = end;
    while (place > 0 && this.isBefore(entry, this.at(above(place)))) place = above(place);
    for (let hole = end; hole > place; hole = above(hole)) this.entries[hole] = this.at(above(hole));
    this.entries[place] = entry;
  }

  take(): T {
    const { entries } = this;
    const end = entries.length - 1;
    const last = this.at(end);
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < end && this.isBefore(this.at(child + 1), this.at(child))) child++;
      if (child >= end || !this.isBefore(this.at(child), last)) break;
      place = child;
    }
    entries.pop();
    // Everything on the way from the place to the top moves up by one; what falls out at the top is the least.
    let carried = last;
    for (let at = place; end > 0; at = above(at)) {
      const entry = this.at(at);
      entries[at] = carried;
      carried = entry;
      if (at === 0) break;
    }
    return carried.item;
  }

  clear(): void {
    this.entries = [];
  }

  private at(index: number): Entry<T> {
    return this.entries[index] as Entry<T>;
  }

  private isBefore(a: Entry<T>, b: Entry<T>): boolean {
    return (this.compare(a.item, b.item) || a.order - b.order) < 0;
  }
}

function above(index: number): number {
  return (index - 1) >> 1;
}
