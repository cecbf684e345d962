/** A source of 0, 1, 2, … that counts what is asked of it. A sane `end` is a guard against who would ask for ever. */
export class RecordedSource implements AsyncIterable<number> {
  /** How many items were asked for. */
  asked = 0;
  /** How often it was closed. */
  closed = 0;
  private readonly end: number;
  private readonly next: (index: number) => number | Promise<number>;

  constructor(end: number, next: (index: number) => number | Promise<number> = (index) => index) {
    this.end = end;
    this.next = next;
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: async () => {
        if (this.asked === this.end) return { done: true, value: undefined };
        return { done: false, value: await this.next(this.asked++) };
      },
      return: async () => {
        this.closed++;
        return { done: true, value: undefined };
      },
    };
  }
}
