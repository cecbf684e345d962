import type { Arrow, Lane } from "../recording/timeline.ts";
import { shownAncestor, type Rows } from "./rows.ts";

/** The arrows from one failure at one moment: one trunk with a head at each lane that it cancelled. */
export interface ArrowBundle {
  readonly from: number;
  readonly at: number;
  readonly text: string;
  readonly to: readonly number[];
}

/** A bundle as the rows stand: where its trunk begins, and the rows of its heads in order. */
export interface PlacedBundle {
  readonly bundle: ArrowBundle;
  readonly fromRow: number;
  readonly rows: readonly number[];
}

export function bundlesOf(arrows: readonly Arrow[]): readonly ArrowBundle[] {
  const bundles = new Map<string, { from: number; at: number; text: string; to: number[] }>();
  for (const { from, to, at, text } of arrows) {
    const key = `${from} ${at}`;
    const bundle = bundles.get(key);
    if (bundle === undefined) bundles.set(key, { from, at, text, to: [to] });
    else bundle.to.push(to);
  }
  return [...bundles.values()];
}

/** An end under a folded group is shown at that group; a bundle that stays within one row isn't shown. */
export function placed(
  bundles: readonly ArrowBundle[],
  lanes: ReadonlyMap<number, Lane>,
  rows: Rows,
): readonly PlacedBundle[] {
  const rowAt = (lane: number) => {
    const shown = shownAncestor(lane, lanes, rows);
    return shown === undefined ? undefined : rows.rowOf.get(shown);
  };
  return bundles.flatMap((bundle) => {
    const fromRow = rowAt(bundle.from);
    if (fromRow === undefined) return [];
    const heads = new Set(bundle.to.map(rowAt));
    heads.delete(fromRow);
    heads.delete(undefined);
    const rowsInOrder = ([...heads] as number[]).toSorted((a, b) => a - b);
    return rowsInOrder.length === 0 ? [] : [{ bundle, fromRow, rows: rowsInOrder }];
  });
}

/** The rows from `first` to before `end`, of rows in order: found by halving, for a failure may cancel thousands. */
export function rowsWithin(rows: readonly number[], first: number, end: number): readonly number[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < first) low = middle + 1;
    else high = middle;
  }
  const within: number[] = [];
  for (let n = low; n < rows.length && rows[n]! < end; n++) within.push(rows[n]!);
  return within;
}
