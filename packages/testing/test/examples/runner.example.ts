import assert from "node:assert/strict";
import { moveOnAfter, runtime, taskGroup } from "@cohort/universal";
import { virtualTest } from "@cohort/testing/node-test";
import { heartbeat } from "./heartbeat.ts";

const test = virtualTest(runtime);

test("it beats 2,879 times a day", async ({ clock }) => {
  let beats = 0;
  await moveOnAfter(86_400_000, (task) => heartbeat(task, async () => void beats++));
  assert.deepEqual([beats, clock.elapsed], [2879, 86_400_000]);
});

test("a server that is down for ten minutes is asked less and less often", async ({ clock }) => {
  const asked: number[] = [];
  const beat = async (): Promise<void> => {
    asked.push(clock.elapsed / 1000);
    if (clock.elapsed < 600_000) throw new Error("down");
  };
  await moveOnAfter(720_000, (task) => heartbeat(task, beat));
  assert.deepEqual(asked.slice(0, 6), [30, 61, 93, 127, 165, 211]);
});

test("time can be advanced by hand, and stands still in between", async ({ clock }) => {
  const seen: string[] = [];
  const done = taskGroup(async ({ sleep }) => {
    for (const word of ["one", "two"]) {
      await sleep(10);
      seen.push(word);
    }
  });
  await clock.advance(10);
  assert.deepEqual(seen, ["one"]);
  await done;
  assert.deepEqual(seen, ["one", "two"]);
});

virtualTest(runtime, { seed: 3 })("a seed shuffles what could run at once, the same way everywhere", async () => {
  const order: string[] = [];
  await taskGroup(({ createTask }) => {
    for (const name of "abc") createTask(() => void order.push(name));
  });
  assert.notDeepEqual(order, ["a", "b", "c"]);
});
