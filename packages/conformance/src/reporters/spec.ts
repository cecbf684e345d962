import type { CaseResult, Report, Status } from "../report.ts";
import { bySection } from "./sections.ts";
import { runtimeOf, tallyOf, targetOf } from "./tally.ts";

/** What puts colours around a text; each may leave it as it is. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const plain = (text: string): string => text;
const PLAIN: Colours = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };

const SIGNS: Readonly<Record<Status, string>> = { pass: "✓", fail: "✗", error: "✗", fixed: "✗", known: "~", skip: "-" };

/** For people: the cases by their sections, then what the implementation lacks, then what failed and why, then the sum. */
export function spec(reports: readonly Report[], colours: Colours = PLAIN): string {
  return reports.map((report) => one(printable(report), colours)).join("\n");
}

/** Whatever an implementation throws or calls itself, nothing of it moves a terminal's cursor. */
function printable(report: Report): Report {
  return JSON.parse(JSON.stringify(report), (_, value: unknown) =>
    typeof value === "string" ? value.replaceAll(UNPRINTABLE, "\u{FFFD}") : value,
  ) as Report;
}

const UNPRINTABLE = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

function one(report: Report, colours: Colours): string {
  const { counts, cases, problems } = report;
  const { bold, dim, red, green } = colours;
  const lines = [bold(`${targetOf(report)} on ${runtimeOf(report)}`)];
  for (const [section, results] of bySection(cases)) {
    const passed = results.filter(({ status }) => status === "pass").length;
    lines.push("", bold(`${section}  ${passed}/${results.length}`));
    for (const result of results) lines.push(`  ${lineOf(result, colours)}`);
  }
  lines.push(...lacking(report, colours));
  const bad = cases.filter(({ status }) => status === "fail" || status === "fixed" || status === "error");
  if (bad.length > 0) lines.push("", bold("Failures"));
  for (const { id, level, title, message = "" } of bad)
    lines.push("", `  ${red(`✗ ${id}`)}  ${level}: ${title}`, indent(message, 6));
  if (problems.length > 0) lines.push("", bold("Problems"), ...problems.map((problem) => indent(red(problem), 2)));
  const isBad = bad.length + problems.length > 0;
  lines.push("", (isBad ? red : green)(tallyOf(counts)), dim(`specification ${report.spec}, suite ${report.suite}`));
  return `${lines.join("\n")}\n`;
}

/** What has a reason of its own has a line, everything else is named: an implementation may lack a lot. */
function lacking({ lacks, target: { name } }: Report, { bold, dim }: Colours): string[] {
  const entries = Object.entries(lacks);
  if (entries.length === 0) return [];
  const isPlain = ([what, why]: readonly [string, string]): boolean => why === `${name} has no ${what}`;
  const names = entries.filter(isPlain).map(([what]) => what);
  const told = entries.filter((entry) => !isPlain(entry)).map(([what, why]) => `  ${what}: ${dim(why)}`);
  return ["", bold("It lacks"), ...told, ...(names.length > 0 ? [`  ${names.join(", ")}`] : [])];
}

function lineOf({ id, title, status, message, ms }: CaseResult, { green, red, yellow, dim }: Colours): string {
  const text = `${SIGNS[status]} ${id}  ${title}`;
  const [first = ""] = (message ?? "").split("\n", 1);
  switch (status) {
    case "pass":
      return `${green("✓")} ${dim(id)}  ${title}${ms >= 1000 ? dim(`  ${(ms / 1000).toFixed(1)} s`) : ""}`;
    case "known":
    case "skip":
      return `${yellow(text)}${first === "" ? "" : dim(`  (${first})`)}`;
    case "fail":
    case "fixed":
    case "error":
      return red(text);
  }
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(by));
}
