/** What a lane shows at one moment. */
export const IDLE = 0;
export const EVEN = 1;
export const ODD = 2;
export const CANCELLED = 3;
export const FAILED = 4;

/** Where two meet in one cell: trouble is seen, else the one who was there first. */
function both(first: number, second: number): number {
  if (first >= CANCELLED || second >= CANCELLED) return Math.max(first, second);
  return first === IDLE ? second : first;
}

const CELLS = 512;
/** A cell's first width; it doubles whenever the crawl outgrows the picture. */
const FIRST_CELL_MS = 1;

/**
 * Who ran when, one lane for each page that may be fetched at a time. It takes the same memory for a hundred pages as for
 * a million: when the picture is full, two cells become one.
 */
export class Lanes {
  readonly #lanes: { cells: Uint8Array; busy: boolean; pages: number }[] = [];
  #cellMs = FIRST_CELL_MS;
  #end = 0;

  get size(): number {
    return this.#lanes.length;
  }

  /** When the last page ended. */
  get end(): number {
    return this.#end;
  }

  /** The first lane nobody uses. */
  take(): number {
    let lane = this.#lanes.findIndex(({ busy }) => !busy);
    if (lane < 0) lane = this.#lanes.push({ cells: new Uint8Array(CELLS), busy: true, pages: 0 }) - 1;
    const taken = this.#lanes[lane];
    if (taken) taken.busy = true;
    return lane;
  }

  /** The page that had `lane` from `start` to `end` has ended. */
  give(lane: number, start: number, end: number, outcome: "fine" | "failed" | "cancelled"): void {
    const taken = this.#lanes[lane];
    if (!taken) return;
    taken.busy = false;
    this.#end = Math.max(this.#end, end);
    while (this.#end >= this.#cellMs * CELLS) this.#halve();
    // Neighbours differ, so that one sees where a page ends and the next begins.
    const fine = taken.pages++ % 2 === 0 ? EVEN : ODD;
    const mark = outcome === "fine" ? fine : outcome === "failed" ? FAILED : CANCELLED;
    const last = Math.floor(end / this.#cellMs);
    for (let cell = Math.floor(start / this.#cellMs); cell <= last; cell++) {
      taken.cells[cell] = both(taken.cells[cell] ?? IDLE, mark);
    }
  }

  /** `lane` drawn in `columns` cells, from the crawl's start to its end. */
  draw(lane: number, columns: number): number[] {
    const cells = this.#lanes[lane]?.cells ?? new Uint8Array(CELLS);
    const used = Math.max(1, Math.floor(this.#end / this.#cellMs) + 1);
    return Array.from({ length: columns }, (_, column) => {
      const from = Math.floor((column * used) / columns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * used) / columns));
      return cells.subarray(from, to).reduce(both);
    });
  }

  #halve(): void {
    this.#cellMs *= 2;
    for (const { cells } of this.#lanes) {
      for (let i = 0; i < CELLS; i++) cells[i] = both(cells[2 * i] ?? IDLE, cells[2 * i + 1] ?? IDLE);
    }
  }
}
