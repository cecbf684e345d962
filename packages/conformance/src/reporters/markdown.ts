import type { CaseResult, Report } from "../report.ts";
import { bySection, sectionOf } from "./sections.ts";
import { runtimeOf, targetOf } from "./tally.ts";

/** For a page: the sections by the runtimes with how many cases passed of those that ran, then the failures. */
export function markdown(reports: readonly Report[]): string {
  const names = new Set(reports.map(targetOf));
  const columns = reports.map((report) =>
    names.size > 1 ? `${targetOf(report)}, ${runtimeOf(report)}` : runtimeOf(report),
  );
  const sections = [...new Set(reports.flatMap(({ cases }) => cases.map(sectionOf)))];
  const rows = sections.map((section) => [section, ...reports.map(({ cases }) => cell(bySection(cases).get(section)))]);
  const sum = ["**all**", ...reports.map(({ cases }) => cell(cases))];
  const table = [["section", ...columns], ["---", ...columns.map(() => "--:")], ...rows, sum];
  const parts = [`## ${[...names].join(", ")}\n`, `${table.map(rowOf).join("")}`, ...reports.flatMap(failures)];
  return parts.join("\n");
}

/** `12/12`, and what was skipped beside it. */
function cell(results: readonly CaseResult[] = []): string {
  const skipped = results.filter(({ status }) => status === "skip").length;
  const passed = results.filter(({ status }) => status === "pass").length;
  const ran = results.length - skipped;
  return `${ran === 0 ? "–" : `${passed}/${ran}`}${skipped === 0 ? "" : ` (${skipped} skipped)`}`;
}

function failures(report: Report): string[] {
  const bad = report.cases.filter(({ status }) => status !== "pass" && status !== "skip");
  if (bad.length + report.problems.length === 0) return [];
  const items = bad.map(({ id, level, title, status, message = "" }) => {
    const what = status === "fail" ? "" : ` (${status})`;
    return `- **${id}**${what}, ${level}: ${inline(title)}\n\n${fence(message)}`;
  });
  const problems = report.problems.map(
    (problem) => `- ${inline(problem.split("\n", 1)[0] ?? "")}\n\n${fence(problem)}`,
  );
  return [`### Failures on ${runtimeOf(report)}\n`, ...items, ...problems];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll("|", String.raw`\|`)).join(" | ")} |\n`;
}

function inline(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, String.raw`\$&`);
}

/** A fence that is longer than any in the text. */
function fence(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const bar = "`".repeat(longest + 1);
  return [`${bar}text`, ...text.split("\n"), bar].map((line) => `  ${line}\n`).join("");
}
