import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { fileOf, keepOf, keptReports } from "../scripts/kept-report.ts";
import { betweenMarkers, sectionTable, staleIn } from "../scripts/section-table.ts";
import { type CaseResult, type Report, reportOf, type Status } from "../src/report.ts";
import { type Specification, specification } from "../src/specification.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, "../../..");

describe("the table in the README", () => {
  it("is that of the reports in this repository: run scripts/table.ts", () => {
    const room = join(import.meta.dirname, "../reports");
    const reports = keptReports(room);
    expect(reports.map(fileOf)).toEqual(existsSync(room) ? readdirSync(room) : []);
    const page = readFileSync(join(root, "README.md"), "utf8");
    expect(page).toBe(betweenMarkers(page, sectionTable(specification, reports)));
  });

  it("counts for each section and runtime how many cases passed of those that ran, and what was skipped", () => {
    const first = report("node", "24.1.0", [
      ["AA-1.a", "pass"],
      ["AA-1.b", "pass"],
      ["BB-1.a", "fail"],
      ["BB-1.b", "fixed"],
      ["BB-1.c", "known"],
    ]);
    const second = report("bun", "1.3.0", [
      ["AA-1.a", "pass"],
      ["AA-1.b", "error"],
      ["BB-1.a", "skip"],
    ]);
    expect(sectionTable(SPEC, [first, second].map(keepOf)).split("\n")).toEqual([
      "|                                           | `mine` bun | `mine` node 24 |",
      "| ----------------------------------------- | ---------: | -------------: |",
      "| [First](packages/conformance/SPEC.md#aa)  |        1/2 |            2/2 |",
      "| [Second](packages/conformance/SPEC.md#bb) |          – |            0/3 |",
      "| all                                       |        1/2 |            2/5 |",
      "| skipped                                   |          1 |              0 |",
    ]);
  });

  it("has the lines of Node in the order of their numbers", () => {
    const versions = ["24.0.0", "8.0.0", "20.0.0"].map((version) =>
      keepOf(report("node", version, [["AA-1.a", "pass"]])),
    );
    expect(sectionTable(SPEC, versions).split("\n")[0]).toMatch(/node 8 .* node 20 .* node 24 /);
  });

  it("is empty without reports", () => {
    expect(sectionTable(SPEC, [])).toBe("");
  });

  it("refuses a result whose clause doesn't exist", () => {
    const gone = keepOf(report("bun", "1.3.0", [["CC-1.a", "pass"]]));
    expect(() => sectionTable(SPEC, [gone])).toThrow("`mine` bun has a result of CC-1.a, whose clause doesn't exist");
  });

  it("replaces what stands between the markers, and nothing else", () => {
    const page = "a\n<!-- conformance -->\n\nold\n\n<!-- /conformance -->\nb\n";
    const replaced = betweenMarkers(page, "| new |");
    expect(replaced).toBe("a\n<!-- conformance -->\n\n| new |\n\n<!-- /conformance -->\nb\n");
    expect(betweenMarkers(replaced, "| new |")).toBe(replaced);
  });

  it.each(["nothing", "<!-- conformance -->", "<!-- /conformance --> <!-- conformance -->"])(
    "needs both markers, in their order: %s",
    (page) => {
      expect(() => betweenMarkers(page, "")).toThrow("the page needs one <!-- conformance -->");
    },
  );
});

describe("a kept report", () => {
  it("has neither times nor stacks, and its cases by id, whatever their order was", () => {
    const results: CaseResult[] = [
      { ...result("BB-1.a", "fail"), message: "CheckFailed: no\n    at file.js:1" },
      { ...result("AA-1.b", "skip"), message: "mine has no map" },
      result("AA-1.a", "pass"),
    ];
    expect(keepOf(reportOf(head("node", "24.1.0"), results))).toStrictEqual({
      target: { name: "mine", version: "1.0.0" },
      runtime: { name: "node", version: "24.1.0" },
      suite: "1.2.3",
      spec: "1.0",
      problems: [],
      results: { "AA-1.a": "pass", "AA-1.b": "skip: mine has no map", "BB-1.a": "fail: CheckFailed: no" },
    });
  });

  it("has a file for each line of Node, and one for each other runtime", () => {
    const target = { name: "@cohort/universal", version: "1.0.0" };
    expect(fileOf({ target, runtime: { name: "node", version: "24.1.0" } })).toBe("cohort-universal-node-24.json");
    expect(fileOf({ target, runtime: { name: "workerd", version: "1.2.3" } })).toBe("cohort-universal-workerd.json");
  });

  it("is stale if the suite has gained or lost cases since", () => {
    const kept = keepOf(
      report("bun", "1.3.0", [
        ["AA-1.a", "pass"],
        ["AA-1.gone", "pass"],
      ]),
    );
    expect(staleIn(kept, ["AA-1.a", "AA-1.new"])).toEqual(["AA-1.new", "AA-1.gone"]);
    expect(staleIn(kept, ["AA-1.gone", "AA-1.a"])).toEqual([]);
  });
});

const clause = { title: "A title", revision: 1, digest: "", requirements: [] };
const SPEC: Specification = {
  version: "1.0",
  title: "A specification",
  sections: [
    { id: "NONE", title: "Words", clauses: [] },
    { id: "AA", title: "First", clauses: [{ ...clause, id: "AA-1" }] },
    { id: "BB", title: "Second", clauses: [{ ...clause, id: "BB-1" }] },
  ],
};

function head(name: string, version: string): Omit<Report, "counts" | "problems" | "cases"> {
  return {
    schema: "https://cohort-js.dev/schemas/conformance-report-1.json",
    suite: "1.2.3",
    spec: "1.0",
    target: { name: "mine", version: "1.0.0" },
    runtime: { name, version },
    lacks: {},
  };
}

function report(name: string, version: string, results: readonly (readonly [id: string, status: Status])[]): Report {
  return reportOf(
    head(name, version),
    results.map(([id, status]) => result(id, status)),
  );
}

function result(id: string, status: Status): CaseResult {
  return { id, clause: id.slice(0, 4), level: "MUST", title: "a title", status, ms: 1.5 };
}
