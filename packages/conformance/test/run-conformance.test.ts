import { describe, expect, it } from "vitest";
import spec from "../spec.json" with { type: "json" };
import { type Case, caseOf } from "../src/case.ts";
import { check } from "../src/check.ts";
import { RefusedError } from "../src/refused-error.ts";
import { isClean } from "../src/report.ts";
import { type ConformanceOptions, runConformance } from "../src/run-conformance.ts";
import type { ConformanceTarget } from "../src/target.ts";
import { SPEC_VERSION } from "../src/versions.ts";
import { plain } from "./implementations/plain.ts";

const order: string[] = [];
const cases: readonly Case[] = [
  caseOf("LC-1", "passes", "passes", {}, () => void order.push("passes")),
  caseOf("LC-1", "fails", "fails", {}, () => {
    order.push("fails");
    check(false, "it should be otherwise");
  }),
  caseOf("LC-14", "needs", "needs a semaphore", { needs: ["Semaphore"] }, () => void order.push("needs")),
  caseOf("CA-1", "skips", "skips itself", {}, (trial) => trial.skip("nothing to see")),
  caseOf("CA-1", "leaks", "leaves a timer", { level: "SHOULD" }, () => void setTimeout(() => {}, 5)),
  caseOf("CA-2", "stuck", "waits for ever", {}, () => new Promise(() => {})),
];

async function statuses(options: ConformanceOptions = {}): Promise<Record<string, string>> {
  const report = await runConformance(plain(), { cases, ...options });
  return Object.fromEntries(report.cases.map(({ id, status }) => [id, status]));
}

describe("runConformance", () => {
  it("runs all cases in their order, each for itself, and counts how they ended", async () => {
    order.length = 0;
    const told: string[] = [];
    const report = await runConformance(plain(), { cases, onResult: ({ id }) => told.push(id) });
    expect(order).toEqual(["passes", "fails"]);
    expect(told).toEqual(cases.map(({ id }) => id));
    expect(report.counts).toEqual({ pass: 1, fail: 3, skip: 2, known: 0, fixed: 0, error: 0 });
    expect(report.target).toEqual({ name: "plain", version: "1.2.3" });
    expect(report.runtime.name).toBe("node");
    expect(isClean(report)).toBe(false);
  });

  it("says why a case was skipped or failed, and what is lacking", async () => {
    const { cases: results, lacks } = await runConformance(plain(), { cases });
    expect(results.map(({ message }) => message)).toEqual([
      undefined,
      "it should be otherwise",
      "plain has no Semaphore",
      "nothing to see",
      "no timer should be left, but 1 are",
      "everything waits at 0 ms, and no timer is set",
    ]);
    expect(lacks).toEqual({ Semaphore: "plain has no Semaphore" });
  });

  it("runs the sections, clauses and cases that are asked for, and never half a number", async () => {
    expect(Object.keys(await statuses({ only: ["LC-1"] }))).toEqual(["LC-1.passes", "LC-1.fails"]);
    expect(Object.keys(await statuses({ only: ["CA", "*.fails"] }))).toEqual([
      "LC-1.fails",
      "CA-1.skips",
      "CA-1.leaks",
      "CA-2.stuck",
    ]);
    await expect(statuses({ only: ["LC-9"] })).rejects.toThrow("no case is called LC-9");
  });

  it("knows a listed failure, and takes a listed case that passes for an error", async () => {
    const known = { "LC-1.*": "not yet", "CA-*": "never" };
    expect(await statuses({ known })).toEqual({
      "LC-1.passes": "fixed",
      "LC-1.fails": "known",
      "LC-14.needs": "skip",
      "CA-1.skips": "skip",
      "CA-1.leaks": "known",
      "CA-2.stuck": "known",
    });
    const report = await runConformance(plain(), {
      cases,
      known: { "LC-1.fails": "a", "CA-1.leaks": "b", "CA-2": "c" },
    });
    expect(isClean(report)).toBe(true);
    expect(isClean(await runConformance(plain(), { cases, known, only: ["LC-1.passes"] }))).toBe(false);
  });

  it("takes a listed id that means nothing for an error, whatever was asked for", async () => {
    const report = await runConformance(plain(), { cases, known: { "LC-77.*": "gone" }, only: ["LC-1.passes"] });
    expect(report.problems).toEqual(["LC-77.* is listed as a known failure, but there is no such case"]);
    expect(isClean(report)).toBe(false);
    await expect(runConformance(plain(), { cases, known: { "LC-1.fails": "" } })).rejects.toThrow("needs a reason");
  });

  it.each([
    ["null", null, "a conformance target is an object { name, version, api }, not null"],
    ["no name", { version: "1", api: {} }, "a conformance target needs a name"],
    ["no version", { name: "x", api: {} }, 'the conformance target "x" needs a version, as a string'],
    ["no taskGroup", { name: "x", version: "1", api: {} }, 'the conformance target "x" needs a function api.taskGroup'],
  ])("refuses a target with %s in one line", async (_, target, message) => {
    const error: unknown = await runConformance(target as unknown as ConformanceTarget).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(RefusedError);
    expect((error as Error).message).toBe(message);
  });

  it("refuses an implementation whose groups throw, or never end, before the first case", async () => {
    const throwing = plain({ taskGroup: () => Promise.reject(new Error("not today")) });
    await expect(runConformance(throwing, { cases })).rejects.toThrow(
      "plain can't run a group with one member that does nothing: Error: not today",
    );
    const endless = plain({ taskGroup: () => new Promise(() => {}) });
    await expect(runConformance(endless, { cases })).rejects.toThrow("StuckError");
  });

  it("names the version of the specification that is in spec.json", () => {
    expect(SPEC_VERSION).toBe(spec.version);
  });
});
