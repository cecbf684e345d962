import type { Capability } from "./capability.ts";
import type { Case } from "./case.ts";
import { checkTarget } from "./check-target.ts";
import { everyCase } from "./every-case.ts";
import { type KnownFailures, knownFailures, staleEntries, withKnown } from "./known-failures.ts";
import { type Lacks, lookFor } from "./look-for.ts";
import { type CaseResult, type Report, type ReportHead, reportOf } from "./report.ts";
import { runCase } from "./run-case.ts";
import { selectCases } from "./select-cases.ts";
import type { ConformanceTarget } from "./target.ts";
import { type HostInfo, thisHost } from "./this-host.ts";
import { SPEC_VERSION, SUITE_VERSION } from "./versions.ts";

/** What to run, and whom to tell. */
export interface ConformanceOptions {
  /** Ids of cases, clauses or sections, `*` for anything: `["LC-3", "CA"]`. Default: everything. */
  readonly only?: readonly string[] | undefined;
  readonly known?: KnownFailures | undefined;
  /** Default: the whole suite. */
  readonly cases?: readonly Case[] | undefined;
  /** The runtime's name and version for the report. Default: what can be seen. */
  readonly runtime?: HostInfo | undefined;
  /** Called once, before the first case. */
  readonly onBegin?: ((head: ReportHead, cases: readonly Case[]) => unknown) | undefined;
  /** Called before each case. What it returns is awaited. */
  readonly onCase?: ((theCase: Case) => unknown) | undefined;
  /** Called after each case. What it returns is awaited. */
  readonly onResult?: ((result: CaseResult) => unknown) | undefined;
}

/**
 * Runs the suite on an implementation: one case after the other, each for itself, whatever became of the one before.
 * Rejects with a RefusedError for a target that is none and for options that make no sense, with nothing else.
 *
 * @example
 * ```ts
 * const { counts } = await runConformance({ name: "mine", version: "1.0.0", api: { taskGroup } });
 * console.log(counts.fail);
 * ```
 */
export async function runConformance(target: ConformanceTarget, options: ConformanceOptions = {}): Promise<Report> {
  checkTarget(target);
  const { cases = everyCase, only = [], runtime = thisHost(), onBegin, onCase, onResult } = options;
  const known = knownFailures(options.known ?? {});
  const chosen = selectCases(cases, only);
  const lacks = await lookFor(target);
  const head: ReportHead = {
    schema: "https://cohort-js.dev/schemas/conformance-report-1.json",
    suite: SUITE_VERSION,
    spec: SPEC_VERSION,
    target: { name: target.name, version: target.version },
    runtime: { name: runtime.name, version: runtime.version },
    lacks: lackedBy(chosen, lacks),
  };
  await onBegin?.(head, chosen);
  const results: CaseResult[] = [];
  for (const theCase of chosen) {
    await onCase?.(theCase);
    const result = withKnown(await runCase(target, theCase, lacks), known);
    results.push(result);
    await onResult?.(result);
  }
  return reportOf(
    head,
    results,
    staleEntries(
      known,
      cases.map(({ id }) => id),
    ),
  );
}

/** What some case of those that are run asks for and the target hasn't. */
function lackedBy(cases: readonly Case[], lacks: Lacks): Readonly<Record<string, string>> {
  const needed = new Set<Capability>(cases.flatMap(({ needs }) => needs));
  return Object.fromEntries(
    [...needed].sort().flatMap((need) => {
      const why = lacks(need);
      return why === undefined ? [] : [[need, why]];
    }),
  );
}
