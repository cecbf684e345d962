import { expect, test } from "vitest";
import { CANCELLED, EVEN, FAILED, IDLE, Lanes, ODD } from "../src/lanes.ts";

test("a page takes the first lane that is free", () => {
  const lanes = new Lanes();
  expect([lanes.take(), lanes.take(), lanes.take()]).toEqual([0, 1, 2]);
  lanes.give(1, 0, 10, "fine");
  expect([lanes.take(), lanes.take()]).toEqual([1, 3]);
  expect(lanes.size).toBe(4);
});

test("draws who ran when, neighbours apart", () => {
  const lanes = new Lanes();
  lanes.take();
  lanes.give(0, 0, 9, "fine");
  lanes.take();
  lanes.give(0, 20, 29, "fine");
  lanes.take();
  lanes.give(0, 30, 39, "failed");
  expect(lanes.draw(0, 8)).toEqual([EVEN, EVEN, IDLE, IDLE, ODD, ODD, FAILED, FAILED]);
});

test("a million pages take no more room than ten, and one that failed is still to be seen", () => {
  const lanes = new Lanes();
  for (let n = 0; n < 1_000_000; n++) {
    lanes.take();
    lanes.give(0, n, n + 0.5, n === 500_000 ? "failed" : n === 750_000 ? "cancelled" : "fine");
  }
  const picture = lanes.draw(0, 80);
  expect(picture).toHaveLength(80);
  expect(picture.filter((mark) => mark === FAILED)).toHaveLength(1);
  expect(picture.indexOf(FAILED)).toBeGreaterThanOrEqual(39);
  expect(picture.indexOf(FAILED)).toBeLessThanOrEqual(40);
  expect(picture.filter((mark) => mark === CANCELLED)).toHaveLength(1);
  expect(picture).not.toContain(IDLE);
});
