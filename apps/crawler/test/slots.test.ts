import { ExceptionGroup, taskGroup } from "@cohort/node";
import { expect, test } from "vitest";
import { Slots } from "../src/slots.ts";

test("never makes more tasks than there are places, however long the source is", async () => {
  let most = 0;
  let made = 0;
  await taskGroup(async (group) => {
    const slots = new Slots(group, 3, (alive) => (most = Math.max(most, alive)));
    for (let n = 0; n < 1000; n++) {
      await slots.start(`task ${n}`, async () => {
        made++;
        await Promise.resolve();
      });
      expect(group.size).toBeLessThanOrEqual(3);
    }
  });
  expect({ most, made }).toEqual({ most: 3, made: 1000 });
});

test("whoever waits for a place is cancelled with the group", async () => {
  const failure = new Error("first");
  let reached = false;
  const block = taskGroup(async (group) => {
    const slots = new Slots(group, 2, () => undefined);
    await slots.start("waits", ({ sleep }) => sleep(1e9));
    await slots.start("fails", () => Promise.reject(failure));
    await slots.start("never", () => Promise.resolve());
    reached = true;
  });
  const error = await block.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ExceptionGroup);
  expect((error as ExceptionGroup).errors).toEqual([failure]);
  expect(reached).toBe(false);
});

test("a place is free again when its task has failed, if the group goes on", async () => {
  const done: string[] = [];
  const block = taskGroup({ failFast: false }, async (group) => {
    const slots = new Slots(group, 1, () => undefined);
    await slots.start("a", () => Promise.reject(new Error("a")));
    await slots.start("b", async () => void done.push("b"));
  });
  await expect(block).rejects.toMatchObject({ errors: [{ message: "a" }] });
  expect(done).toEqual(["b"]);
});
