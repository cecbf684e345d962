// Makes the table of the README at the root from the reports in this package. See --help.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { everyCase } from "../src/every-case.ts";
import type { Report } from "../src/report.ts";
import { specification } from "../src/specification.ts";
import { fileOf, keepOf, type KeptReport, keptReports } from "./kept-report.ts";
import { betweenMarkers, sectionTable, staleIn } from "./section-table.ts";

const USAGE = `node scripts/table.ts [--check] [report.json …]

Keeps the reports that it is given, as "cohort-conformance … --reporter json --output report.json" writes them, in
reports/, and puts the table that all kept reports make into the README at the root of the repository.

  --check  writes nothing; says whether the table is that of the reports, and the reports are of the cases as they are`;

const room = join(import.meta.dirname, "../reports");
const readme = join(import.meta.dirname, "../../../README.md");
const { files, isCheck, isHelp } = options();
try {
  if (isHelp) console.log(USAGE);
  else if (isCheck) check(keptReports(room));
  else update(files.flatMap(reportsIn).map(keepOf));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function options(): { files: readonly string[]; isCheck: boolean; isHelp: boolean } {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values, positionals } = parseArgs({ options: { check: flag, help: flag }, allowPositionals: true });
    if (values.check && positionals.length > 0) throw new Error("--check takes no reports");
    return { files: positionals, isCheck: values.check, isHelp: values.help };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** One report, or an array of them for several runtimes. */
function reportsIn(file: string): readonly Report[] {
  const reports = [JSON.parse(readFileSync(file, "utf8"))].flat() as Report[];
  for (const { target, runtime, cases } of reports)
    if (target === undefined || runtime === undefined || !Array.isArray(cases)) throw new Error(`${file} is no report`);
  return reports;
}

function update(given: readonly KeptReport[]): void {
  mkdirSync(room, { recursive: true });
  for (const report of given) writeFileSync(join(room, fileOf(report)), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(readme, betweenMarkers(readFileSync(readme, "utf8"), sectionTable(specification, keptReports(room))));
}

function check(reports: readonly KeptReport[]): void {
  const faults: string[] = [];
  const page = readFileSync(readme, "utf8");
  if (page !== betweenMarkers(page, sectionTable(specification, reports)))
    faults.push("the table in README.md isn't that of the reports: run scripts/table.ts");
  const ids = everyCase.map(({ id }) => id);
  for (const report of reports) {
    const stale = staleIn(report, ids);
    if (stale.length > 0)
      faults.push(
        `reports/${fileOf(report)} is of another suite, by ${stale.length} cases such as ${stale[0]}: run it again`,
      );
  }
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
