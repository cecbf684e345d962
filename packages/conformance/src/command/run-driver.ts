import { RemoteDriver } from "../driver/remote-driver.ts";
import { runScenario } from "../driver/run-scenario.ts";
import { type KnownFailures, staleEntries, withKnown } from "../known-failures.ts";
import { type CaseResult, type Report, type ReportHead, reportOf } from "../report.ts";
import { scenarios } from "../scenarios/scenario-files.ts";
import { selectCases } from "../select-cases.ts";
import { SPEC_VERSION, SUITE_VERSION } from "../versions.ts";
import type { RunOptions } from "./arguments.ts";
import type { Progress } from "./progress.ts";

/** Runs the scenarios on a program that speaks the driver protocol. One that dies or hangs gives a report that says so. */
export async function runDriver(
  command: string,
  { only, patience }: Pick<RunOptions, "only" | "patience">,
  known: KnownFailures,
  progress: Progress,
  signal: AbortSignal,
): Promise<Report> {
  const chosen = selectCases(scenarios, only);
  signal.throwIfAborted();
  const driver = await RemoteDriver.start(command, { patience });
  const end = (): void => driver.end();
  signal.addEventListener("abort", end);
  const results: CaseResult[] = [];
  const problems: string[] = [];
  try {
    progress.start(driver.name, chosen.length);
    for (const scenario of chosen) {
      progress.begin(scenario.id);
      const result = await onDriver(driver, scenario, problems).then((each) => withKnown(each, known));
      signal.throwIfAborted();
      results.push(result);
      progress.done(result.status === "pass" || result.status === "skip" || result.status === "known");
    }
    if (problems.length === 0) await driver.stop();
  } catch (error) {
    signal.throwIfAborted();
    problems.push(String((error as Error).message));
  } finally {
    signal.removeEventListener("abort", end);
    driver.end();
  }
  const ids = scenarios.map(({ id }) => id);
  return reportOf(headOf(driver), results, [...staleEntries(known, ids), ...problems]);
}

type Scenario = (typeof scenarios)[number];

/** After its end nothing can be said any more; the scenario in which it ended is the one that is to be looked at. */
async function onDriver(driver: RemoteDriver, scenario: Scenario, problems: string[]): Promise<CaseResult> {
  const { id, clause, level = "MUST", title } = scenario;
  const result = { id, clause, level, title, ms: 0 };
  if (problems.length > 0) return { ...result, status: "skip", message: "the driver had ended before its turn came" };
  try {
    return await runScenario(driver, scenario);
  } catch (error) {
    const message = (error as Error).message;
    problems.push(`in ${id}: ${message}`);
    return { ...result, status: "error", message };
  }
}

function headOf({ name, version, runtime, lacks }: RemoteDriver): ReportHead {
  const [, host = runtime, hostVersion = ""] = /^(.*) (\S+)$/.exec(runtime) ?? [];
  return {
    schema: "https://cohort-js.dev/schemas/conformance-report-1.json",
    suite: SUITE_VERSION,
    spec: SPEC_VERSION,
    target: { name, version },
    runtime: { name: host, version: hostVersion },
    lacks,
  };
}
