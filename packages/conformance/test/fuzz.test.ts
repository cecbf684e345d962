import * as fc from "fast-check";
import { ExceptionGroup } from "@cohort/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LocalDriver, startPyodide } from "../src/asyncio/start-pyodide.ts";
import { finishProgram } from "../src/fuzz/finish-program.ts";
import { fuzz } from "../src/fuzz/fuzz.ts";
import { randomOutline } from "../src/fuzz/random-program.ts";
import { orderedByMoment } from "../src/scenarios/same-moment.ts";
import { checkProgram } from "../src/scenarios/check-program.ts";
import { walkSteps } from "../src/scenarios/walk-steps.ts";
import type { ConformanceTarget } from "../src/target.ts";
import reference from "./reference-target.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

/** Loses every error of the outermost group but the first. */
const dropping: ConformanceTarget = {
  ...reference,
  name: "one that drops errors",
  api: {
    ...reference.api,
    taskGroup: async (...args: readonly unknown[]) => {
      try {
        return await (reference.api["taskGroup"] as (...given: readonly unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        if (!(error instanceof ExceptionGroup) || error.errors.length < 2) throw error;
        throw new ExceptionGroup(error.message, error.errors.slice(0, 1), { cause: error.cause });
      }
    },
  },
};

describe("the fuzzer", () => {
  let driver: LocalDriver;

  beforeAll(async () => {
    driver = await startPyodide();
  }, 60_000);

  afterAll(() => driver.stop());

  it("skips the programs that the target lacks something for", async () => {
    const capabilities = { "option.timeout": "none", AsyncEvent: "none" };
    const { AsyncEvent: _, ...api } = reference.api;
    const report = await fuzz({ target: { ...reference, api, capabilities }, driver, runs: 60, seed: 5 });
    expect(report.difference).toBeUndefined();
    expect(report.skipped).toBeGreaterThan(0);
    expect(report.skipped).toBeLessThan(60);
  }, 60_000);

  it.each([1, 2, 3])(
    "finds no difference between CPython and the reference, from the seed %i",
    async (seed) => {
      const seen: number[] = [];
      const report = await fuzz({ target: reference, driver, runs: 100, seed, onProgress: (done) => seen.push(done) });
      expect(report.difference).toBeUndefined();
      expect(report).toMatchObject({ seed, runs: 100, skipped: 0 });
      expect(report.stuck).toBeLessThan(10);
      expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    },
    60_000,
  );

  it("finds a dropped error, and the smallest program that shows it, and finds it again by its seed and path", async () => {
    const { difference, seed } = await fuzz({ target: dropping, driver, runs: 500, seed: 1 });
    if (difference === undefined) throw new Error("the dropped error wasn't found");
    expect([...walkSteps(difference.program)].length).toBeLessThanOrEqual(8);
    expect(JSON.stringify(difference.driver)).toMatch(/"outcome":\{"error":\{"group":\["Boom\(\d\)","Boom\(\d\)"\]/);
    expect(JSON.stringify(difference.target)).toMatch(/"outcome":\{"error":\{"group":\["Boom\(\d\)"\]/);
    const again = await fuzz({ target: dropping, driver, runs: 500, seed, path: difference.path });
    expect(again.difference?.program).toEqual(difference.program);
    expect(JSON.parse(JSON.stringify(difference))).toEqual(difference);
  }, 120_000);
});

describe("a random program", () => {
  it("is one, and none of its waits takes as long as another or as some others together", () => {
    fc.assert(
      fc.property(randomOutline.map(finishProgram), (program) => {
        checkProgram(program);
        const waits = [...JSON.stringify(program).matchAll(/"(?:sleep|timeout|at|failAfter|moveOnAfter)":(\d+)/g)];
        const scale = 2 ** Math.min(20, waits.length);
        const marks = waits.map(([, ms]) => Number(ms) % scale);
        if (waits.length <= 20) expect(new Set(marks).size).toBe(waits.length);
        for (const mark of marks) expect(Number.isInteger(Math.log2(mark || scale))).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("waits between a start and a failure, shielded where a plain wait might fail", () => {
    const outline = {
      body: [
        { spawn: "", body: [{ throw: "" }] },
        { try: [{ sleep: 2 }], finally: [{ spawn: "", body: [{ sleep: 1 }] }, { throw: "" }] },
      ],
    };
    expect(finishProgram(outline)).toEqual({
      body: [
        { spawn: "a", body: [{ sleep: 17 }, { throw: "Boom(1)" }] },
        {
          try: [{ sleep: 34 }],
          finally: [{ spawn: "b", body: [{ sleep: 20 }] }, { shield: [{ sleep: 24 }] }, { throw: "Boom(2)" }],
        },
      ],
    });
  });
});

describe("a run ordered by moments", () => {
  it("doesn't depend on who came first at one moment", () => {
    const trace = ["5 b: failed Boom(b)", "5 a: failed Boom(a)", "5 b: left"];
    const other = ["5 a: failed Boom(a)", "5 b: failed Boom(b)", "5 b: left"];
    const one = orderedByMoment({ trace, outcome: { error: { group: ["Boom(b)", "Boom(a)"] } } });
    expect(one).toEqual(orderedByMoment({ trace: other, outcome: { error: { group: ["Boom(a)", "Boom(b)"] } } }));
  });

  it("keeps the order of what one of them did, of moments, and of errors that came one after the other", () => {
    const run = {
      trace: ["1 b: x", "1 b: a", "2 a: failed Boom(b)", "3 b: failed Boom(a)"],
      outcome: { error: { group: ["Boom(b)", "Boom(a)"] } },
    };
    expect(orderedByMoment(run)).toEqual(run);
  });
});
