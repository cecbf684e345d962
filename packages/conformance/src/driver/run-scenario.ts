import { differenceOf } from "../scenarios/compare-runs.ts";
import type { Program } from "../scenarios/program.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { needsOfScenario } from "../scenarios/scenario-cases.ts";
import type { CaseResult } from "../report.ts";
import type { Answer } from "./protocol.ts";

/** What runs programs, and says what it lacks: a RemoteDriver, or anything like it. */
export interface ScenarioDriver {
  readonly lacks: Readonly<Record<string, string>>;
  run(program: Program): Promise<Answer>;
}

/** Runs one scenario on a driver. Rejects only if the driver is gone. */
export async function runScenario(driver: ScenarioDriver, scenario: Scenario): Promise<CaseResult> {
  const { id, clause, level = "MUST", title, program, order } = scenario;
  const result = { id, clause, level, title };
  const missing = needsOfScenario(scenario).flatMap((need) => driver.lacks[need] ?? []);
  if (missing.length > 0) return { ...result, status: "skip", message: missing.join("; "), ms: 0 };
  const began = performance.now();
  const answer = await driver.run(program);
  const ms = performance.now() - began;
  if ("skipped" in answer) return { ...result, status: "skip", message: answer.skipped, ms };
  if ("error" in answer) return { ...result, status: "error", message: answer.error, ms };
  const difference = differenceOf(scenario, answer, order);
  return difference === undefined
    ? { ...result, status: "pass", ms }
    : { ...result, status: "fail", message: difference, ms };
}
