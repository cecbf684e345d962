import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowHeight, rowsInView, rowsOf, shownAncestor } from "../src/timeline/rows.ts";
import { anyLanes, foldedOf } from "./support/any-lanes.ts";

const byId = (lanes: Parameters<typeof rowsOf>[0]) => new Map(lanes.map((lane) => [lane.id, lane]));

/** By its definition, one lane at a time. */
function isHidden(id: number, lanes: ReturnType<typeof byId>, folded: ReadonlySet<number>): boolean {
  for (let at = lanes.get(id)?.parent; at !== undefined; at = lanes.get(at)?.parent) if (folded.has(at)) return true;
  return false;
}

describe("the rows in view", () => {
  test("are those that intersect the viewport, every one and no others", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 300_000, noNaN: true }),
        fc.double({ min: 1, max: 3000, noNaN: true }),
        fc.nat(12_000),
        (scrollTop, height, count) => {
          const { first, end } = rowsInView(scrollTop, height, count);
          expect(first).toBeLessThanOrEqual(end);
          const intersects = (row: number) => row * rowHeight < scrollTop + height && (row + 1) * rowHeight > scrollTop;
          // Beyond its edges it is enough to ask the next.
          for (let row = first; row < end; row++) expect(intersects(row)).toBe(true);
          if (first > 0 && first < count) expect(intersects(first - 1)).toBe(false);
          if (end < count) expect(intersects(end)).toBe(false);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 1);
        },
      ),
      {
        numRuns: 1000,
        examples: [
          [0, 26, 1],
          [26, 26, 3],
          [25.9, 0.2, 3],
          [1e6, 500, 10],
        ],
      },
    );
  });
});

describe("the rows of lanes", () => {
  test("hold every lane that no folded one hides, in order, and know where each is", () => {
    fc.assert(
      fc.property(anyLanes, fc.array(fc.nat()), (lanes, picks) => {
        const folded = foldedOf(lanes, picks);
        const rows = rowsOf(lanes, folded);
        const all = byId(lanes);
        expect(rows.lanes).toEqual(lanes.filter(({ id }) => !isHidden(id, all, folded)));
        expect(rows.rowOf).toEqual(new Map(rows.lanes.map(({ id }, row) => [id, row])));
        expect(rows.parents).toEqual(new Set(lanes.flatMap(({ parent }) => (parent === undefined ? [] : [parent]))));
      }),
    );
  });

  test("are the same whether worked out anew or from those before", () => {
    fc.assert(
      fc.property(anyLanes, fc.nat(), fc.array(fc.nat()), (lanes, length, picks) => {
        const before = rowsOf(lanes.slice(0, length % (lanes.length + 1)), new Set());
        const folded = foldedOf(lanes, picks);
        expect(rowsOf(lanes, folded, before)).toEqual(rowsOf(lanes, folded));
        expect(rowsOf(lanes, new Set(), before)).toEqual(rowsOf(lanes, new Set()));
        expect(rowsOf(lanes, new Set(), rowsOf(lanes, folded))).toEqual(rowsOf(lanes, new Set()));
      }),
    );
  });

  test("show a hidden lane at the innermost ancestor that has a row", () => {
    fc.assert(
      fc.property(anyLanes, fc.array(fc.nat()), (lanes, picks) => {
        const folded = foldedOf(lanes, picks);
        const rows = rowsOf(lanes, folded);
        for (const lane of lanes) {
          const shown = shownAncestor(lane.id, byId(lanes), rows) as number;
          expect(rows.rowOf.has(shown)).toBe(true);
          if (!isHidden(lane.id, byId(lanes), folded)) expect(shown).toBe(lane.id);
          else expect(folded.has(shown)).toBe(true);
        }
      }),
    );
  });
});
