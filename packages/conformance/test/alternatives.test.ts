import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import effection from "../examples/effection.ts";
import plainPromises from "../examples/plain-promises.ts";
import { everyCase } from "../src/every-case.ts";
import { runConformance } from "../src/run-conformance.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const examples = new URL("../examples/", import.meta.url);

/** The sources of an example and of everything of its own that it imports. */
function sourcesOf(file: string, found: Map<string, string> = new Map()): ReadonlyMap<string, string> {
  if (found.has(file)) return found;
  const source = readFileSync(new URL(file, examples), "utf8");
  found.set(file, source);
  for (const [, from = ""] of source.matchAll(/from "\.\/([^"]+)"/g)) sourcesOf(from, found);
  return found;
}

describe.each([
  ["effection.ts", effection, { pass: 350, skip: 700 }],
  ["plain-promises.ts", plainPromises, { pass: 350, skip: 700 }],
] as const)("the alternative implementation %s", (file, target, floor) => {
  it("passes every case and scenario that it declares no gap for, each of the others with a reason", async () => {
    const report = await runConformance(target);
    const bad = report.cases.filter(({ status }) => status !== "pass" && status !== "skip");
    expect(bad.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
    expect(report.problems).toEqual([]);
    expect(report.cases).toHaveLength(everyCase.length);
    expect(report.counts.pass).toBeGreaterThanOrEqual(floor.pass);
    expect(report.counts.skip).toBeGreaterThanOrEqual(floor.skip);
    const skipped = report.cases.filter(({ status }) => status === "skip");
    expect(skipped.filter(({ message = "" }) => message.trim() === "")).toEqual([]);
  });

  it("gives a reason in words for every gap that it declares", () => {
    const gaps = Object.values(target.capabilities);
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) expect(gap).toMatch(/\w+ \w+/);
  });

  it("is written without the core and without the suite: it imports their types at most", () => {
    const imports = [...sourcesOf(file).values()].flatMap((source) => source.match(/^import (?!type)[^;]*;$/gm) ?? []);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((statement) => !/from "(\.\/[\w-]+\.ts|effection)";$/.test(statement))).toEqual([]);
  });
});
