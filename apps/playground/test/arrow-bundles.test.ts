import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bundlesOf, placed, rowsWithin } from "../src/timeline/arrow-bundles.ts";
import { rowsOf, shownAncestor } from "../src/timeline/rows.ts";
import { anyLanes, foldedOf } from "./support/any-lanes.ts";

const anyArrows = fc.array(fc.record({ from: fc.nat(39), to: fc.nat(39), at: fc.nat(3), text: fc.constant("why") }));

describe("the arrows from one failure at one moment", () => {
  test("are one bundle, and none is lost or added", () => {
    fc.assert(
      fc.property(anyArrows, (arrows) => {
        const bundles = bundlesOf(arrows);
        const keys = bundles.map(({ from, at }) => `${from} ${at}`);
        expect(new Set(keys).size).toBe(keys.length);
        const apart = bundles.flatMap(({ from, at, to }) => to.map((each) => `${from} → ${each} at ${at}`));
        expect(apart.toSorted()).toEqual(arrows.map(({ from, to, at }) => `${from} → ${to} at ${at}`).toSorted());
      }),
    );
  });

  test("end at the rows that show their lanes, each once and in order, and at no row of their own", () => {
    fc.assert(
      fc.property(anyLanes, anyArrows, fc.array(fc.nat()), (lanes, arrows, picks) => {
        const known = arrows.filter(({ from, to }) => from < lanes.length && to < lanes.length);
        const byId = new Map(lanes.map((lane) => [lane.id, lane]));
        const rows = rowsOf(lanes, foldedOf(lanes, picks));
        const rowAt = (lane: number) => rows.rowOf.get(shownAncestor(lane, byId, rows) as number) as number;
        const wanted = bundlesOf(known).flatMap((bundle) => {
          const fromRow = rowAt(bundle.from);
          const heads = [...new Set(bundle.to.map(rowAt))].filter((row) => row !== fromRow).toSorted((a, b) => a - b);
          return heads.length === 0 ? [] : [{ bundle, fromRow, rows: heads }];
        });
        expect(placed(bundlesOf(known), byId, rows)).toEqual(wanted);
      }),
    );
  });

  test("from or to lanes that aren't there yet aren't shown", () => {
    expect(placed(bundlesOf([{ from: 1, to: 2, at: 0, text: "" }]), new Map(), rowsOf([], new Set()))).toEqual([]);
  });

  test("have heads in view where their rows are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200)), fc.nat(200), fc.nat(200), (numbers, first, length) => {
        const rows = numbers.toSorted((a, b) => a - b);
        const end = first + length;
        expect(rowsWithin(rows, first, end)).toEqual(rows.filter((row) => row >= first && row < end));
      }),
    );
  });
});
