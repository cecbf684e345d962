import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import spec from "../spec.json" with { type: "json" };
import { OPTIONS } from "../src/capability.ts";
import { type Case, caseOf } from "../src/case.ts";
import { check } from "../src/check.ts";
import { RefusedError } from "../src/refused-error.ts";
import { isClean } from "../src/report.ts";
import { type ConformanceOptions, runConformance } from "../src/run-conformance.ts";
import type { ConformanceTarget } from "../src/target.ts";
import { SPEC_VERSION } from "../src/versions.ts";
import { plain } from "./implementations/plain.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

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

  it("tells of whatever an implementation throws, though it can't be turned into text", async () => {
    const unreadable = Object.defineProperty(new Error("unreadable"), "stack", {
      get() {
        throw new Error("not that either");
      },
    });
    const nasty = [Object.create(null), unreadable, Symbol("s"), undefined].map((thrown: unknown, at) =>
      caseOf("LC-1", `nasty-${at}`, "throws", {}, () => Promise.reject(thrown as Error)),
    );
    const report = await runConformance(plain(), { cases: nasty });
    expect(report.cases.map(({ message }) => message)).toEqual([
      "something that can't be printed",
      "something that can't be printed",
      "Symbol(s)",
      "undefined",
    ]);
    expect(report.counts.fail).toBe(4);
  });

  it("gives a scheduler of an implementation's own some turns before it calls it stuck", async () => {
    const hop = () => new Promise((resolve) => void setImmediate(resolve));
    const hops = caseOf("LC-1", "hops", "hops", {}, async () => {
      for (let n = 0; n < 20; n++) await hop();
    });
    const { counts } = await runConformance(plain(), { cases: [hops] });
    expect(counts.pass).toBe(1);
  });

  it("sees an interval that is left", async () => {
    const repeats = caseOf("LC-1", "repeats", "repeats", {}, async () => {
      let count = 0;
      await new Promise<void>((resolve) => void setInterval(() => (++count === 3 ? resolve() : undefined), 10));
    });
    const { cases: results } = await runConformance(plain(), { cases: [repeats] });
    expect(results[0]?.message).toBe("no timer should be left, but 1 are");
  });

  it("has its options named in the README, since nobody could guess them", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(OPTIONS.filter((option) => !readme.includes(`\`${option}\``))).toEqual([]);
  });

  it("refuses a capability that no case needs, and one that is neither there, missing nor explained", async () => {
    const claiming = (capabilities: unknown) => ({ ...plain(), capabilities }) as ConformanceTarget;
    await expect(runConformance(claiming({ "option.timout": false }))).rejects.toThrow('"option.timout" of "plain"');
    await expect(runConformance(claiming({ "option.timeout": 5 }))).rejects.toThrow("true, false or the reason");
    await expect(runConformance(claiming(null))).rejects.toThrow("are an object, not null");
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
