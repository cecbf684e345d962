import type { Lane } from "../recording/timeline.ts";

/** The height of a lane, in px: room for a line of text and for a finger beside a mouse. */
export const rowHeight = 26;

/** Lanes in the order of their rows, without those under a folded group. */
export interface Rows {
  readonly lanes: readonly Lane[];
  /** The row of a lane, by its id; none for one under a folded group. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Whether a lane has members, by its row: they'd follow it. */
  readonly parents: ReadonlySet<number>;
}

/** Of `before` is kept what still holds: mostly lanes change their states, and none comes or goes. */
export function rowsOf(lanes: readonly Lane[], folded: ReadonlySet<number>, before?: Rows): Rows {
  if (folded.size === 0 && before !== undefined && isSameOrder(lanes, before.lanes)) return { ...before, lanes };
  const shown: Lane[] = [];
  const rowOf = new Map<number, number>();
  const parents = new Set<number>();
  let hiddenBelow = Infinity;
  for (const lane of lanes) {
    if (lane.parent !== undefined) parents.add(lane.parent);
    if (lane.depth > hiddenBelow) continue;
    hiddenBelow = folded.has(lane.id) ? lane.depth : Infinity;
    rowOf.set(lane.id, shown.length);
    shown.push(lane);
  }
  return { lanes: shown, rowOf, parents };
}

function isSameOrder(lanes: readonly Lane[], before: readonly Lane[]): boolean {
  return lanes.length === before.length && lanes.every(({ id }, n) => id === before[n]!.id);
}

/** The rows that a viewport of this height touches: `first` to before `end`. */
export function rowsInView(scrollTop: number, height: number, count: number): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)));
  return { first, end: Math.min(count, Math.ceil((scrollTop + height) / rowHeight)) };
}

/** The lane itself or, under a folded group, the innermost ancestor that has a row. */
export function shownAncestor(lane: number, lanes: ReadonlyMap<number, Lane>, rows: Rows): number | undefined {
  let at: number | undefined = lane;
  while (at !== undefined && !rows.rowOf.has(at)) at = lanes.get(at)?.parent;
  return at;
}
