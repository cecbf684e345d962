import { sectionOf, type Specification } from "../src/specification.ts";
import { type KeptReport, runtimeOf, statusOf } from "./kept-report.ts";
import { markdownTable } from "./markdown-table.ts";

const MARKERS = ["<!-- conformance -->", "<!-- /conformance -->"] as const;

/** Of the cases of one section on one runtime. */
interface Count {
  passed: number;
  run: number;
  skipped: number;
}

/** Sections × runtimes, with how many cases passed of those that ran. Empty if there are no reports. */
export function sectionTable(spec: Specification, reports: readonly KeptReport[]): string {
  if (reports.length === 0) return "";
  const sorted = reports.toSorted((a, b) => headOf(a).localeCompare(headOf(b), "en", { numeric: true }));
  const counts = sorted.map((report) => countsOf(spec, report));
  const all = counts.map((of) => sumOf(Object.values(of)));
  const rows = spec.sections
    .filter(({ clauses }) => clauses.length > 0)
    .map(({ id, title }) => [
      `[${title}](packages/conformance/SPEC.md#${id.toLowerCase()})`,
      ...counts.map((of) => passedOf(of[id])),
    ]);
  return markdownTable(
    [
      ["", ...sorted.map(headOf)],
      ...rows,
      ["all", ...all.map(passedOf)],
      ["skipped", ...all.map(({ skipped }) => String(skipped))],
    ],
    "right",
  );
}

/** Puts a table between the markers of a page. Throws if it hasn't got them. */
export function betweenMarkers(page: string, table: string): string {
  const [begin, end] = MARKERS;
  const [before, rest, ...more] = page.split(begin);
  const [, after, ...others] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`the page needs one ${begin} and, after it, one ${end}`);
  return [before, begin, table === "" ? "\n\n" : `\n\n${table}\n\n`, end, after].join("");
}

/** What of the suite a report doesn't know, or knows though it has gone. */
export function staleIn({ results }: KeptReport, ids: readonly string[]): readonly string[] {
  const present = new Set(ids);
  return [...ids.filter((id) => !(id in results)), ...Object.keys(results).filter((id) => !present.has(id))];
}

function headOf(report: KeptReport): string {
  return `\`${report.target.name}\` ${runtimeOf(report)}`;
}

function countsOf(spec: Specification, report: KeptReport): Record<string, Count> {
  const counts: Record<string, Count> = {};
  for (const [id, result] of Object.entries(report.results)) {
    const section = sectionOf(id.split(".", 1)[0] ?? "", spec);
    if (section === undefined) throw new Error(`${headOf(report)} has a result of ${id}, whose clause doesn't exist`);
    const count = (counts[section.id] ??= { passed: 0, run: 0, skipped: 0 });
    const status = statusOf(result);
    if (status === "skip") count.skipped++;
    else count.run++;
    if (status === "pass") count.passed++;
  }
  return counts;
}

function sumOf(counts: readonly Count[]): Count {
  const sum = { passed: 0, run: 0, skipped: 0 };
  for (const { passed, run, skipped } of counts) {
    sum.passed += passed;
    sum.run += run;
    sum.skipped += skipped;
  }
  return sum;
}

function passedOf(count: Count | undefined): string {
  if (count === undefined || count.run === 0) return "–";
  return `${count.passed}/${count.run}`;
}
