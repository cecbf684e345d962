import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { lookFor } from "../src/look-for.ts";
import { runCase } from "../src/run-case.ts";
import { differenceOf } from "../src/scenarios/compare-runs.ts";
import { PROGRAM_CAPABILITIES } from "../src/scenarios/needs-of.ts";
import { scenarios } from "../src/scenarios/scenario-files.ts";
import { caseOfScenario, scenarioCases } from "../src/scenarios/scenario-cases.ts";
import type { Scenario } from "../src/scenarios/scenario.ts";
import { STEP_KINDS } from "../src/scenarios/step-kind.ts";
import { walkSteps } from "../src/scenarios/walk-steps.ts";
import type { CaseResult } from "../src/report.ts";
import type { ConformanceTarget } from "../src/target.ts";
import { minimalTarget } from "./minimal-target.ts";
import reference from "./reference-target.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

async function runAll(target: ConformanceTarget): Promise<readonly CaseResult[]> {
  const lacks = await lookFor(target);
  const results: CaseResult[] = [];
  for (const scenario of scenarioCases) results.push(await runCase(target, scenario, lacks));
  return results;
}

describe("the scenarios", () => {
  it("pass on the reference, all of them", async () => {
    const results = await runAll(reference);
    expect(results.length).toBeGreaterThanOrEqual(90);
    expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
  });

  it("tell a minimal implementation of promises where it falls short, and skip what it lacks with the reason", async () => {
    const results = await runAll(minimalTarget);
    expect(results.flatMap(({ id, status }) => (status === "fail" ? [id] : []))).toEqual([
      "LC-2.scenario-finished-group",
      "ME-2.scenario-body-throws-before-wait",
      "ME-4.scenario-batch-starts-all",
      "ME-9.scenario-members-rethrow",
      "FF-1.scenario-creation-order",
    ]);
    const skipped = results.filter(({ status }) => status === "skip");
    expect(skipped.every(({ message }) => message !== undefined && message !== "")).toBe(true);
    expect(skipped.map(({ message }) => message)).toContain("it has no deadlines");
  });

  it("have ids of their own, which begin with their clause", () => {
    const ids = scenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, clause } of scenarios) expect(id.startsWith(`${clause}.scenario-`)).toBe(true);
  });

  it("give every wait of a program a duration of its own, so that nothing depends on a tie", () => {
    const doubles = scenarios.flatMap(({ id, program }) => {
      const waits = [...walkSteps(program)].flatMap(({ step }) => ("sleep" in step ? [step.sleep] : []));
      return new Set(waits).size === waits.length ? [] : [`${id}: ${waits.join(" ")}`];
    });
    expect(doubles).toEqual([]);
  });

  it("depart from asyncio only where their trace says so", () => {
    for (const { asyncio, order, ...run } of scenarios) {
      if (typeof asyncio === "object") expect(differenceOf(run, asyncio, order), run.id).toBeDefined();
    }
  });
});

describe("SCENARIOS.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../SCENARIOS.md"), "utf8");

  it("explains a scenario that exists, as it is", () => {
    const example = JSON.parse(/```json\n(.*?)```/s.exec(text)?.[1] ?? "null") as Scenario;
    expect(example).toEqual(scenarios.find(({ id }) => id === example.id));
  });

  it("names every step, and all that a program can need", () => {
    expect(STEP_KINDS.filter((kind) => !text.includes(`{ "${kind}": `))).toEqual([]);
    expect(PROGRAM_CAPABILITIES.filter((capability) => !text.includes(`\`${capability}\``))).toEqual([]);
  });
});

describe("a scenario that fails", () => {
  const scenario: Scenario = {
    id: "LC-1.scenario-made-up",
    clause: "LC-1",
    title: "is wrong",
    program: { body: [{ sleep: 10 }, { return: 1 }] },
    trace: ["0 main: starts", "11 main: done"],
    outcome: { value: 1 },
    asyncio: "none",
  };

  it("shows the first line that differs, and both traces beside each other", async () => {
    const { status, message } = await runCase(reference, caseOfScenario(scenario), await lookFor(reference));
    expect(status).toBe("fail");
    expect(message).toBe(
      [
        'line 2 should be "11 main: done", but is "10 main: done"',
        "  expected       | seen",
        "  0 main: starts | 0 main: starts",
        "> 11 main: done  | 10 main: done",
        '  => {"value":1} | => {"value":1}',
      ].join("\n"),
    );
  });

  it("differs in a line that is missing, in one too many, and in its outcome", () => {
    const { trace, outcome } = scenario;
    const seen = { trace, outcome };
    expect(differenceOf(scenario, seen)).toBeUndefined();
    expect(differenceOf(scenario, { ...seen, trace: trace.slice(1) })).toContain('should be "0 main: starts"');
    expect(differenceOf(scenario, { ...seen, trace: [...trace, "12 main: x"] })).toContain('but is "12 main: x"');
    expect(differenceOf(scenario, { ...seen, outcome: { value: 2 } })).toContain('but is "=> {"value":2}"');
    expect(differenceOf(scenario, { ...seen, outcome: { cancelled: "1" } })).toContain("line 3");
  });

  it("compares the order of what several functions say at one moment only if it is strict", () => {
    const outcome = { error: { group: ["Boom(x)"], cause: "TimeoutError" } };
    const one = { trace: ["5 a: done", "5 b: hello", "5 b: done"], outcome };
    const other = { trace: ["5 b: hello", "5 a: done", "5 b: done"], outcome };
    expect(differenceOf(one, other)).toBeUndefined();
    expect(differenceOf(one, other, "strict")).toContain("line 1");
    const turned = { trace: ["5 a: done", "5 b: done", "5 b: hello"], outcome };
    expect(differenceOf(one, turned)).toContain('should be "5 b: hello"');
  });
});
