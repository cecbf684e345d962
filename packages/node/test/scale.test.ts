import { expect, it } from "vitest";
import { taskGroup } from "@cohort/node";

const MINUTES = 60_000;

it("RT-3 a group of 1,000,000 members completes", { timeout: 5 * MINUTES }, async () => {
  let ran = 0;
  await taskGroup((group) => {
    for (let i = 0; i < 1_000_000; i++) {
      group.createTask(async () => {
        ran++;
      });
    }
    expect(group.size).toBe(1_000_000);
  });
  expect(ran).toBe(1_000_000);
});

it(
  "LI-1 a limited group of 1,000,000 members completes, and never runs more than its limit",
  { timeout: 5 * MINUTES },
  async () => {
    let running = 0;
    let most = 0;
    let ran = 0;
    await taskGroup({ limit: 100 }, (group) => {
      for (let i = 0; i < 1_000_000; i++) {
        group.createTask(async () => {
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          ran++;
        });
      }
    });
    expect([ran, most]).toEqual([1_000_000, 100]);
  },
);

it("FF-1 one failure among 300,000 sleeping members cancels them all", { timeout: 5 * MINUTES }, async () => {
  const error = await taskGroup((group) => {
    for (let i = 0; i < 300_000; i++) group.createTask(({ sleep }) => sleep(2 ** 30));
    group.createTask(() => Promise.reject(new Error("one")));
  }).catch((caught: unknown) => caught as AggregateError);
  expect(error).toMatchObject({ errors: [{ message: "one" }] });
});

it("TO-2 a deadline over 300,000 sleeping members names some of them", { timeout: MINUTES }, async () => {
  const error = await taskGroup({ timeout: 1 }, (group) => {
    for (let i = 0; i < 300_000; i++) group.createTask(({ sleep }) => sleep(2 ** 30), { name: `page ${i}` });
  }).catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ name: "TimeoutError", message: expect.stringContaining("page 0") });
});

it("CA-8 the grace report over 300,000 members that don't hear names some of them", { timeout: MINUTES }, async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const warned = new Promise<Error>((told) => process.once("warning", told));
  await taskGroup({ grace: 1 }, async (group) => {
    for (let i = 0; i < 300_000; i++) group.createTask(() => promise, { name: `page ${i}` });
    await new Promise((started) => setImmediate(started));
    group.cancel();
    expect((await warned).message).toContain("page 0");
    resolve();
  });
});
