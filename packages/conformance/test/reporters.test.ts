import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, vi } from "vitest";
import { type CaseResult, type Report, type ReportHead, reportOf } from "../src/report.ts";
import { json } from "../src/reporters/json.ts";
import { junit } from "../src/reporters/junit.ts";
import { markdown } from "../src/reporters/markdown.ts";
import { spec } from "../src/reporters/spec.ts";
import { tap } from "../src/reporters/tap.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const head: ReportHead = {
  schema: "https://cohort-js.dev/schemas/conformance-report-1.json",
  suite: "0.1.0",
  spec: "1.0",
  target: { name: "mine", version: "1.0.0" },
  runtime: { name: "node", version: "24.0.0" },
  lacks: { Semaphore: "p-limit does that" },
};
const result = (id: string, status: CaseResult["status"], message?: string): CaseResult => ({
  id,
  clause: id.split(".")[0] ?? "",
  level: "MUST",
  title: `does what #1 <${id}> | says`,
  status,
  ms: 1500,
  ...(message === undefined ? {} : { message }),
});
const all = reportOf(
  head,
  [
    result("LC-1.a", "pass"),
    result("LC-2.b", "fail", 'should be "x" & ```y```\nbut is \u0000\u001b[31m]]>'),
    result("CA-1.c", "skip", "no # Semaphore"),
    result("CA-1.d", "known", "later\nit fails"),
    result("CA-2.e", "fixed", "it passes"),
    result("CA-3.f", "error", "node died"),
  ],
  ["node died in CA-3.f"],
);
const good = reportOf({ ...head, runtime: { name: "bun", version: "" } }, [result("LC-1.a", "pass")]);

const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../schemas/report.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);

/** The control characters of a text that aren't a new line or a tab. */
function controlsIn(text: string): readonly string[] {
  return Array.from(text).filter((character) => character < " " && !"\n\t".includes(character));
}

describe("reporters", () => {
  it.each([
    ["one report", [all]],
    ["several", [all, good]],
    ["none of its cases", [reportOf(head, [])]],
  ])("json: %s is as its schema says", (_, reports) => {
    expect([validate(JSON.parse(json(reports))), validate.errors]).toEqual([true, null]);
  });

  it("json: gives the report itself, and an array where there are several", () => {
    expect(JSON.parse(json([all]))).toEqual(all);
    expect(JSON.parse(json([all, good]))).toEqual([all, good]);
  });

  it.each([
    ["a status that nobody knows", { ...all, cases: [{ ...all.cases[0], status: "ok" }] }],
    ["a failure that doesn't say why", { ...all, cases: [{ ...all.cases[0], status: "fail" }] }],
    ["a count that is missing", { ...all, counts: { pass: 1 } }],
    ["something else", { ...all, more: 1 }],
  ])("json: its schema refuses %s", (_, report) => {
    expect(validate(report)).toBe(false);
  });

  it("spec: groups the cases by section, and shows the failures last, with their messages", () => {
    const text = spec([all]);
    expect(text).toMatch(/^mine 1\.0\.0 on node 24\.0\.0\n\nLC {2}1\/2\n/);
    expect(text).toContain("- CA-1.c  does what #1 <CA-1.c> | says  (no # Semaphore)");
    expect(text.indexOf("Failures")).toBeGreaterThan(text.indexOf("CA-3.f"));
    expect(text).toContain('      should be "x"');
    expect(text).toContain("Problems\n  node died in CA-3.f");
    expect(text).toContain(
      "1 passed, 1 failed, 1 broken off, 1 listed as failing, but passed, 1 known failures, 1 skipped\n",
    );
  });

  it("spec: prints nothing that moves a terminal's cursor, whatever an implementation throws", () => {
    expect(controlsIn(spec([all]))).toEqual([]);
  });

  it("tap: numbers the tests, says what is skipped and what is known, and explains what failed", () => {
    const lines = tap([all]).split("\n");
    expect(lines.slice(0, 3)).toEqual(["TAP version 14", "# mine 1.0.0 on node 24.0.0", "1..7"]);
    expect(lines).toContain(String.raw`ok 1 - LC-1.a does what \#1 <LC-1.a> | says`);
    expect(lines).toContain(String.raw`ok 3 - CA-1.c does what \#1 <CA-1.c> | says # SKIP no \# Semaphore`);
    expect(lines).toContain(String.raw`not ok 4 - CA-1.d does what \#1 <CA-1.d> | says # TODO later`);
    expect(lines.filter((line) => /^(not )?ok /.test(line))).toHaveLength(7);
    expect(lines.filter((line) => line === "  ---")).toHaveLength(5);
  });

  it("tap: gives each of several reports as a subtest, which fails if one of its tests does", () => {
    const text = tap([all, good]);
    expect(text).toContain("TAP version 14\n1..2\n# Subtest: mine 1.0.0 on node 24.0.0\n    1..7\n    ok 1 - ");
    expect(text).toContain("\nnot ok 1 - mine 1.0.0 on node 24.0.0\n");
    expect(text).toContain("\nok 2 - mine 1.0.0 on bun\n");
  });

  it("junit: counts, and escapes what XML can't say", () => {
    const xml = junit([all]);
    expect(xml).toContain('tests="7" failures="2" errors="2" skipped="2"');
    expect(xml).toContain("should be &quot;x&quot; &amp; ```y```\nbut is \u{FFFD}\u{FFFD}[31m]]&gt;</failure>");
    expect(xml).toContain('<skipped message="no # Semaphore"/>');
    expect(controlsIn(xml)).toEqual([]);
    expect(xml.match(/<testcase /g)).toHaveLength(7);
  });

  it("markdown: shows the sections by the runtimes, then the failures", () => {
    const text = markdown([all, good]);
    expect(text).toContain(
      "| section | node 24.0.0 | bun |\n| --- | --: | --: |\n| LC | 1/2 | 1/1 |\n| CA | 0/3 (1 skipped) | – |\n",
    );
    expect(text).toContain("### Failures on node 24.0.0");
    expect(text).not.toContain("### Failures on bun");
    expect(text).toContain('  ````text\n  should be "x" & ```y```');
  });

  it.each([spec, json, tap, junit, markdown])(
    "%o gives the same for the same",
    (reporter: (reports: readonly Report[]) => string) => {
      expect(reporter([all, good])).toBe(reporter([all, good]));
    },
  );
});
