/** A list that grows and shrinks at its end, given out as one that never changes; copied when it is looked at. */
export class Growing<T> {
  private readonly items: T[] = [];
  private given: readonly T[] | undefined = [];

  get length(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.items.push(item);
    this.given = undefined;
  }

  shorten(length: number): void {
    if (length === this.items.length) return;
    this.items.length = length;
    this.given = undefined;
  }

  get all(): readonly T[] {
    this.given ??= [...this.items];
    return this.given;
  }
}
