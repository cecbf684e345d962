import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  duration,
  fitting,
  panned,
  positionOf,
  ticksOf,
  timeAt,
  type TimeWindow,
  zoomed,
} from "../src/timeline/time-window.ts";

const anyWindow: fc.Arbitrary<TimeWindow> = fc
  .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true }))
  .map(([from, span]) => ({ from, to: from + span }));
const width = fc.integer({ min: 50, max: 4000 });

describe("a window of time", () => {
  test("that fits a run has all of it inside, with room at both ends", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), width, (length, px) => {
        const window = fitting(length);
        expect(positionOf(0, window, px)).toBeGreaterThan(0);
        expect(positionOf(length, window, px)).toBeLessThan(px);
      }),
    );
  });

  test("gives each moment a place and each place its moment", () => {
    fc.assert(
      fc.property(anyWindow, width, fc.double({ min: 0, max: 1, noNaN: true }), (window, px, part) => {
        expect(positionOf(timeAt(part * px, window, px), window, px)).toBeCloseTo(part * px, 3);
      }),
    );
  });

  test("keeps what one zooms at where it is, unless the run's start is in the way", () => {
    fc.assert(
      fc.property(
        anyWindow,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (window, factor, part) => {
          const around = timeAt(part * 1000, window, 1000);
          const after = zoomed(window, factor, around);
          const span = after.to - after.from;
          expect(span).toBeCloseTo(Math.max((window.to - window.from) / factor, 1), 3);
          expect(after.from).toBeGreaterThanOrEqual(-0.015 * span - 1e-6);
          if (after.from > -0.015 * span + 1e-6) expect(positionOf(around, after, 1000)).toBeCloseTo(part * 1000, 2);
        },
      ),
    );
  });

  test("is moved whole, and never to before the run", () => {
    fc.assert(
      fc.property(anyWindow, fc.double({ min: -2e6, max: 2e6, noNaN: true }), (window, by) => {
        const span = window.to - window.from;
        const after = panned(window, by);
        expect(after.to - after.from).toBeCloseTo(span, 3);
        expect(after.from).toBeCloseTo(Math.max(window.from + by, -0.015 * span), 3);
      }),
    );
  });

  test("has ticks inside it, evenly apart, with room for what they say", () => {
    fc.assert(
      fc.property(anyWindow, width, (window, px) => {
        const ticks = ticksOf(window, px);
        const places = ticks.map(({ at }) => positionOf(at, window, px));
        for (const [n, place] of places.entries()) {
          expect(place).toBeGreaterThanOrEqual(-1e-6);
          expect(place).toBeLessThanOrEqual(px + 1e-6);
          if (n > 0) expect(place - places[n - 1]!).toBeGreaterThan(89.9);
        }
        expect(ticks.length).toBeLessThanOrEqual(px / 90 + 1);
      }),
      { numRuns: 500 },
    );
  });

  test("is told in round numbers", () => {
    expect(ticksOf({ from: 0, to: 1000 }, 500).map(({ label }) => label)).toEqual([
      "0",
      "200 ms",
      "400 ms",
      "600 ms",
      "800 ms",
      "1 s",
    ]);
    expect(ticksOf({ from: -5, to: 600_000 }, 500).map(({ label }) => label)).toEqual([
      "0",
      "2 min",
      "4 min",
      "6 min",
      "8 min",
      "10 min",
    ]);
  });

  test.each([
    [0, "0"],
    [0.125, "0.13 ms"],
    [350, "350 ms"],
    [1250, "1.25 s"],
    [12_340, "12.3 s"],
    [60_000, "1 min"],
    [125_000, "2 min 5 s"],
  ])("says %d ms as %s", (ms, words) => expect(duration(ms)).toBe(words));
});
