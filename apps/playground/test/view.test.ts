import { signal } from "@preact/signals";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lane, type Timeline, timelineOf } from "../src/recording/timeline.ts";
import { handleKey } from "../src/timeline/keyboard.ts";
import { spanOf } from "../src/timeline/lane-state.ts";
import { wordsOf } from "../src/timeline/lane-words.ts";
import { rowHeight } from "../src/timeline/rows.ts";
import { TimelineView } from "../src/timeline/view.ts";
import { anyLanes } from "./support/any-lanes.ts";

function viewOf(lanes: readonly Lane[], more: Partial<Timeline> = {}): TimelineView {
  const view = new TimelineView(signal({ ...timelineOf([]), lanes, ...more }), signal(1000));
  view.height.value = 5 * rowHeight;
  return view;
}

const keys = [
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "PageDown",
  "PageUp",
  "Home",
  "End",
  "+",
  "-",
  "<",
  ">",
  "0",
];

describe("the keys of the timeline", () => {
  test("select a lane that has a row, whatever they were, and undo what they fold", () => {
    fc.assert(
      fc.property(anyLanes, fc.array(fc.constantFrom(...keys, "Escape"), { maxLength: 40 }), (lanes, pressed) => {
        const view = viewOf(lanes);
        for (const key of pressed) {
          expect(handleKey(key, view)).toBe(true);
          const row = view.selectedRow;
          expect(view.selected.value === undefined).toBe(row === undefined);
          if (row !== undefined) expect(view.rows.value.lanes[row]?.id).toBe(view.selected.value);
        }
        // From anywhere Home leads to the first, and right and down through all of them.
        if (lanes.length === 0) return;
        handleKey("Home", view);
        const seen = new Set([view.selected.value]);
        for (let n = 0; n < 3 * lanes.length; n++) {
          const { parents } = view.rows.value;
          const at = view.selected.value as number;
          handleKey(parents.has(at) && view.folded.value.has(at) ? "ArrowRight" : "ArrowDown", view);
          seen.add(view.selected.value);
        }
        expect(seen).toEqual(new Set(lanes.map(({ id }) => id)));
      }),
    );
  });

  test("that mean nothing here are left to the page", () => {
    const view = viewOf([]);
    for (const key of ["Tab", "Enter", "a", "F5"]) expect(handleKey(key, view)).toBe(false);
  });
});

describe("a view of a timeline", () => {
  test("scrolls no further than it must to show a row", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(300_000), fc.integer({ min: 30, max: 2000 }), (row, scrollTop, height) => {
        const view = viewOf([]);
        view.scrollTop.value = scrollTop;
        view.height.value = height;
        const to = view.scrollFor(row);
        const isWhole = (top: number) => row * rowHeight >= top && (row + 1) * rowHeight <= top + height;
        expect(isWhole(to)).toBe(true);
        if (isWhole(scrollTop)) expect(to).toBe(scrollTop);
        else expect(isWhole(to + Math.sign(scrollTop - to))).toBe(false);
      }),
    );
  });

  test("unfolds what hides a lane that is revealed, and no more", () => {
    fc.assert(
      fc.property(
        anyLanes.filter(({ length }) => length > 0),
        fc.nat(),
        (lanes, pick) => {
          const view = viewOf(lanes);
          for (const id of view.rows.value.parents) view.fold(id, true);
          const lane = lanes[pick % lanes.length] as Lane;
          view.reveal(lane.id);
          expect(view.selectedRow).toBeDefined();
          const above = new Set<number>();
          for (let at = lane.parent; at !== undefined; at = lanes[at]?.parent) above.add(at);
          expect(view.folded.value).toEqual(new Set([...view.rows.value.parents].filter((id) => !above.has(id))));
        },
      ),
    );
  });

  test("fits the run as it grows until somebody zooms, and again when told to", () => {
    const length = signal(1000);
    const view = new TimelineView(signal(timelineOf([])), length);
    const before = view.window.value;
    length.value = 2000;
    expect(view.window.value.to).toBeGreaterThan(before.to);
    view.zoom(2);
    const chosen = view.window.value;
    length.value = 4000;
    expect(view.window.value).toBe(chosen);
    expect(view.fits.value).toBe(false);
    view.pan(0.5);
    expect(view.window.value.from).toBeGreaterThan(chosen.from);
    view.reset();
    expect(view.fits.value).toBe(true);
    expect(view.window.value.to).toBeGreaterThan(4000);
  });

  test("says of a lane all that is drawn of it", () => {
    const { lanes, arrows } = timelineOf([
      { kind: "open", at: 0, id: 1, parent: undefined, name: "g", shape: "group" },
      { kind: "create", at: 0, id: 2, parent: 1, name: "a" },
      { kind: "create", at: 0, id: 3, parent: 1, name: "b" },
      { kind: "start", at: 0, id: 2 },
      { kind: "start", at: 0, id: 3 },
      { kind: "end", at: 30, id: 2, state: "failed", text: "Error: no" },
      { kind: "cancel", at: 30, id: 1, by: 2, text: "Error: no" },
      { kind: "note", at: 1530, id: 3, note: "straggler", text: "has ignored its cancellation for 1500 ms" },
    ]);
    const view = viewOf(lanes, { arrows });
    expect(lanes.map((lane) => wordsOf(lane, view))).toEqual([
      "since 0, cancelled by “a”",
      "0 to 30 ms, Error: no",
      "since 0, cancelled by “a”, has ignored its cancellation for 1500 ms",
    ]);
    expect(spanOf(lanes[1] as Lane)).toBe("0 to 30 ms");
  });
});
