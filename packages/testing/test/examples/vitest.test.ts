import { moveOnAfter, runtime } from "@cohort/universal";
import { virtualTest } from "@cohort/testing/vitest";
import { heartbeat } from "./heartbeat.ts";

const test = virtualTest(runtime);

test("it beats 2,879 times a day", async ({ clock, expect }) => {
  let beats = 0;
  await moveOnAfter(86_400_000, (task) => heartbeat(task, async () => void beats++));
  expect([beats, clock.elapsed]).toEqual([2879, 86_400_000]);
});
