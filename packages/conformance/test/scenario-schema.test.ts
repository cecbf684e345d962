import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, vi } from "vitest";
import { checkProgram } from "../src/scenarios/check-program.ts";
import { STEP_KINDS } from "../src/scenarios/step-kind.ts";
import { scenarios } from "../src/scenarios/scenario-files.ts";
import type { Scenario } from "../src/scenarios/scenario.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, "..");
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
const schema = read("schemas/scenario.schema.json") as { $defs: { step: { oneOf: { required: string[] }[] } } };
const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true }).compile(
  schema,
);
const files = readdirSync(join(root, "scenarios"));

/** A file with one scenario, which is well-formed but for what is said. */
function fileWith(rest: object): unknown {
  const scenario = {
    id: "LC-1.scenario-x",
    clause: "LC-1",
    title: "does it",
    program: { body: [] },
    trace: ["0 main: starts"],
    outcome: { value: null },
    asyncio: "same",
  };
  return { scenarios: [{ ...scenario, ...rest }] };
}

describe("the schema of scenario files", () => {
  it.each(files)("accepts %s", (file) => {
    const isValid = validate(read(`scenarios/${file}`));
    expect(validate.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  it("knows the steps that the interpreter knows", () => {
    const known = schema.$defs.step.oneOf.map(({ required }) => required[0]);
    expect(known).toEqual([...STEP_KINDS]);
  });

  it("accepts a file with one scenario that has nothing wrong", () => {
    expect(validate(fileWith({}))).toBe(true);
  });

  it.each<[string, object]>([
    ["an unknown step", { program: { body: [{ slep: 10 }] } }],
    ["an unknown key of a step", { program: { body: [{ sleep: 10, until: 5 }] } }],
    [
      "an unknown step inside others",
      { program: { body: [{ spawn: "a", body: [{ try: [{ boom: 1 }], finally: [] }] }] } },
    ],
    ["a sleep of no time", { program: { body: [{ sleep: 0 }] } }],
    ["a fraction of a millisecond", { program: { body: [{ sleep: 1.5 }] } }],
    ["a try without catch or finally", { program: { body: [{ try: [] }] } }],
    ["a catch without what it does", { program: { body: [{ try: [], catch: "any" }] } }],
    ["an error without a class", { program: { body: [{ throw: "boom" }] } }],
    ["an unknown option", { program: { options: { limits: 2 }, body: [] } }],
    ["an abort at the very start", { program: { abort: { at: 0, reason: "stop" }, body: [] } }],
    ["a line of no form", { trace: ["main starts"] }],
    ["two outcomes", { outcome: { value: 1, cancelled: "stop" } }],
    ["an id without the prefix", { id: "LC-1.body-value" }],
    ["an unknown order", { order: "any" }],
    ["a departure without a trace", { asyncio: { differs: "why" } }],
  ])("refuses %s", (_what, rest) => {
    expect(validate(fileWith(rest))).toBe(false);
  });

  it("leaves to the interpreter what a schema can't see: every program passes its check", () => {
    for (const { program } of scenarios) expect(() => checkProgram(program)).not.toThrow();
  });
});

describe("the files", () => {
  it("are all in the suite", () => {
    const inFiles = files.flatMap((file) => (read(`scenarios/${file}`) as { scenarios: Scenario[] }).scenarios);
    expect(scenarios.map(({ id }) => id).sort()).toEqual(inFiles.map(({ id }) => id).sort());
  });
});
