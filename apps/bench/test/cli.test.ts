import { describe, expect, it } from "vitest";
import { cancelByHand, cancelGroup } from "../src/cancel.ts";
import { median } from "../src/clock.ts";
import { LIMITED, UNLIMITED } from "../src/contenders.ts";
import { manyGroups } from "../src/groups.ts";

describe("the benchmarks run what they say", () => {
  it.each(Object.entries(UNLIMITED))("%s runs a thousand members without a limit", async (_, contender) => {
    await expect(contender(1000)).resolves.not.toThrow();
  });

  it.each(Object.entries(LIMITED))("%s runs a thousand members, 100 at a time", async (_, contender) => {
    await expect(contender(1000)).resolves.not.toThrow();
  });

  it("both ways of cancelling end the sleepers", async () => {
    expect(await cancelGroup(100)).toBeGreaterThanOrEqual(0);
    expect(await cancelByHand(100)).toBeGreaterThanOrEqual(0);
  });

  it("many groups under one signal leave no listener", async () => {
    expect((await manyGroups(100)).listeners).toBe(0);
  });

  it("the median of an even number of values is the upper of the two in the middle", () => {
    expect(median([4, 1, 3, 2])).toBe(3);
  });
});
