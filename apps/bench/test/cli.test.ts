import { describe, expect, it } from "vitest";
import { cancelByHand, cancelGroup } from "../src/cancel.ts";
import { median } from "../src/clock.ts";
import { LIMITED, type Load, UNLIMITED } from "../src/contenders.ts";
import { oneByOne, SMALL } from "../src/groups.ts";
import { type Scenario, SCENARIOS } from "../src/scenarios.ts";
import { STREAMS } from "../src/streams.ts";
import { tableOf } from "../src/table.ts";

async function results(load: Load, n: number): Promise<unknown[]> {
  const run = await load();
  return Promise.all((await run(n)) as unknown[]);
}

describe("the benchmarks run what they say", () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i);

  it.each(Object.entries(UNLIMITED))("%s runs a thousand members without a limit", async (_, load) => {
    expect(await results(load, 1000)).toEqual(numbers);
  });

  it.each(Object.entries(LIMITED))("%s runs a thousand members, 100 at a time", async (_, load) => {
    expect(await results(load, 1000)).toEqual(numbers);
  });

  it.each(Object.entries(STREAMS))("%s maps a stream of a thousand, in order", async (_, open) => {
    async function* source(): AsyncGenerator<number> {
      yield* numbers;
    }
    const mapped: number[] = [];
    for await (const value of open(source())) mapped.push(value);
    expect(mapped).toEqual(numbers);
  });

  it("both ways of cancelling end the sleepers", async () => {
    expect(await cancelGroup(100)).toBeGreaterThanOrEqual(0);
    expect(await cancelByHand(100)).toBeGreaterThanOrEqual(0);
  });

  it.each(Object.entries(SMALL))(
    "%s leaves no listener on a signal that it was given a hundred times",
    async (_, run) => {
      expect((await oneByOne(run, 100)).listeners).toBe(0);
    },
  );

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    "%s has a small size for a look",
    (_, scenario) => {
      expect(scenario.sizes.some((n) => n <= 1e4)).toBe(true);
    },
  );
});

describe("what is printed", () => {
  it("the median of an even number of values is the upper of the two in the middle", () => {
    expect(median([4, 1, 3, 2])).toBe(3);
  });

  it("a table shows each ratio beside its target, and how each figure grows", () => {
    const scenario: Scenario = {
      name: "unlimited",
      title: "members",
      unit: "ns",
      contenders: ["Promise.all", "cohort"],
      sizes: [10, 1000],
      compare: "ratio",
      target: 1.6,
    };
    const row = { scenario: "unlimited", contender: "Promise.all", against: undefined, target: undefined };
    const mine = { ...row, contender: "cohort", target: 1.6 };
    const lines = tableOf(scenario, [
      { ...row, n: 10, value: 100 },
      { ...row, n: 1000, value: 110 },
      { ...mine, n: 10, value: 150, against: 1.5 },
      { ...mine, n: 1000, value: 300, against: 2.727 },
    ]).split("\n");
    expect(lines.find((line) => line.includes("Promise.all"))).toMatch(/│ +100 │ +110 │ +1\.10 │/);
    expect(lines.find((line) => line.includes("cohort"))).toMatch(
      /150 × 1\.50 \(≤ 1\.6\) │ 300 × 2\.73 \(≤ 1\.6\) │ +2\.00 │/,
    );
  });
});
