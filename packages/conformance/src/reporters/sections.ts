import type { CaseResult } from "../report.ts";

/** The section of a clause: `LC` for `LC-3`. */
export function sectionOf({ clause }: Pick<CaseResult, "clause">): string {
  return clause.split("-", 1)[0] ?? clause;
}

/** Results by their sections, in the order of the suite. */
export function bySection(cases: readonly CaseResult[]): ReadonlyMap<string, readonly CaseResult[]> {
  const sections = new Map<string, CaseResult[]>();
  for (const result of cases) {
    const section = sectionOf(result);
    const listed = sections.get(section);
    if (listed === undefined) sections.set(section, [result]);
    else listed.push(result);
  }
  return sections;
}
