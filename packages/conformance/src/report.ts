import type { Level } from "./case.ts";

/**
 * How a case ended. `known` is a failure that the implementer knows of; `fixed` is one that is listed as such and passes all
 * the same; `error` says nothing about the implementation: the runtime came to an end in the middle of the case.
 */
export type Status = "pass" | "fail" | "skip" | "known" | "fixed" | "error";

/** What became of one case. */
export interface CaseResult {
  readonly id: string;
  readonly clause: string;
  readonly level: Level;
  readonly title: string;
  readonly status: Status;
  /** Why it failed or was skipped. */
  readonly message?: string;
  /** Real time, in ms. */
  readonly ms: number;
}

/** What is run, and where: all of a report that is known before its first case. */
export interface ReportHead {
  readonly schema: "https://cohort-js.dev/schemas/conformance-report-1.json";
  /** The version of the suite. */
  readonly suite: string;
  /** The version of the specification. */
  readonly spec: string;
  readonly target: { readonly name: string; readonly version: string };
  readonly runtime: { readonly name: string; readonly version: string };
  /** What the cases ask for and the target or the host lacks, and why. */
  readonly lacks: Readonly<Record<string, string>>;
}

/** Everything that a run of the suite found, on one runtime. Its JSON has a published schema. */
export interface Report extends ReportHead {
  readonly counts: Readonly<Record<Status, number>>;
  /** What went wrong beside the cases: the runtime ended before its time, a list of known failures is stale. */
  readonly problems: readonly string[];
  readonly cases: readonly CaseResult[];
}

/** Puts a report together from what was found. */
export function reportOf(head: ReportHead, cases: readonly CaseResult[], problems: readonly string[] = []): Report {
  const counts: Record<Status, number> = { pass: 0, fail: 0, skip: 0, known: 0, fixed: 0, error: 0 };
  for (const { status } of cases) counts[status]++;
  return { ...head, counts, problems, cases };
}

/** Does nothing in the report ask for somebody's attention? Known failures and skipped cases don't. */
export function isClean({ counts, problems }: Report): boolean {
  return counts.fail + counts.error + counts.fixed + problems.length === 0;
}
