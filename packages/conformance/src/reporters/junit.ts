import type { CaseResult, Report } from "../report.ts";
import { runtimeOf, targetOf } from "./tally.ts";

type Attributes = Readonly<Record<string, string | number>>;

/** JUnit's XML: a report is a suite, a case a test whose class is its clause. A known failure is skipped, as JUnit has none. */
export function junit(reports: readonly Report[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", {}, reports.map(suite))}`;
}

function suite(report: Report): string {
  const { cases, problems, counts, lacks, spec, suite: version } = report;
  const attributes = {
    name: `${targetOf(report)} on ${runtimeOf(report)}`,
    tests: cases.length + problems.length,
    failures: counts.fail + counts.fixed,
    errors: counts.error + problems.length,
    skipped: counts.skip + counts.known,
    time: seconds(cases.reduce((sum, { ms }) => sum + ms, 0)),
  };
  const facts = Object.entries({ specification: spec, suite: version }).map(property);
  const lacking = Object.entries(lacks).map(([what, why]) => property([`lacks ${what}`, why]));
  return element("testsuite", attributes, [
    element("properties", {}, [...facts, ...lacking]),
    ...cases.map(test),
    ...problems.map((problem) => element("testcase", { classname: "suite", name: lineOf(problem) }, [error(problem)])),
  ]);
}

function test({ id, clause, level, title, status, message = "", ms }: CaseResult): string {
  const attributes = { classname: clause, name: `${id} ${title}`, time: seconds(ms) };
  switch (status) {
    case "pass":
      return element("testcase", attributes, []);
    case "fail":
    case "fixed":
      return element("testcase", attributes, [
        element("failure", { message: lineOf(message), type: level }, [text(message)]),
      ]);
    case "error":
      return element("testcase", attributes, [error(message)]);
    case "known":
    case "skip":
      return element("testcase", attributes, [element("skipped", { message: lineOf(message) }, [])]);
  }
}

function error(message: string): string {
  return element("error", { message: lineOf(message), type: "error" }, [text(message)]);
}

function property([name, value]: readonly [string, string]): string {
  return element("property", { name, value }, []);
}

function element(name: string, attributes: Attributes, inside: readonly string[]): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(String(value))}"`);
  return inside.length === 0
    ? `<${name}${given.join("")}/>\n`
    : `<${name}${given.join("")}>${inside.join("")}</${name}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no way at all to say some characters: half a surrogate pair, and controls. */
const UNSAYABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function text(value: string): string {
  return value.replaceAll(UNSAYABLE, "\u{FFFD}").replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

function lineOf(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
