import type { CaseResult, Report } from "../report.ts";
import { runtimeOf, targetOf } from "./tally.ts";

/** TAP 14. Several reports are a subtest each. */
export function tap(reports: readonly Report[]): string {
  const [first] = reports;
  if (reports.length === 1 && first !== undefined) return `TAP version 14\n# ${nameOf(first)}\n${points(first)}`;
  const subtests = reports.map((report, at) => {
    const isOk = isAllOk(report);
    return `# Subtest: ${nameOf(report)}\n${points(report).replaceAll(/^(?=.)/gm, "    ")}${isOk ? "" : "not "}ok ${at + 1} - ${nameOf(report)}\n`;
  });
  return `TAP version 14\n1..${reports.length}\n${subtests.join("")}`;
}

function points({ cases, problems }: Report): string {
  const lines = cases.map((result, at) => point(result, at + 1));
  const more = problems.map((problem, at) => {
    const [line = ""] = problem.split("\n", 1);
    return `not ok ${cases.length + at + 1} - ${escape(line)}\n${details({ message: problem })}`;
  });
  return `1..${cases.length + problems.length}\n${[...lines, ...more].join("")}`;
}

function point({ id, level, title, status, message = "", ms }: CaseResult, number: number): string {
  const isOk = status === "pass" || status === "skip";
  const [reason = ""] = message.split("\n", 1);
  const directive =
    status === "skip" ? ` # SKIP ${escape(reason)}` : status === "known" ? ` # TODO ${escape(reason)}` : "";
  const line = `${isOk ? "ok" : "not ok"} ${number} - ${escape(`${id} ${title}`)}${directive}\n`;
  return isOk ? line : line + details({ message, severity: level, duration_ms: Math.round(ms) });
}

/** What JSON has is YAML, too. */
function details(entries: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `  ---\n${lines.join("")}  ...\n`;
}

function isAllOk({ cases, problems }: Report): boolean {
  return (
    problems.length === 0 && cases.every(({ status }) => status !== "fail" && status !== "fixed" && status !== "error")
  );
}

function nameOf(report: Report): string {
  return escape(`${targetOf(report)} on ${runtimeOf(report)}`);
}

function escape(text: string): string {
  return text.replaceAll(/[\\#]/g, String.raw`\$&`).replaceAll(/\s*\n\s*/g, " ");
}
