import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findPython } from "../src/asyncio/find-python.ts";
import { startCPython } from "../src/asyncio/start-cpython.ts";
import { type LocalDriver, startPyodide } from "../src/asyncio/start-pyodide.ts";
import { differenceOf } from "../src/scenarios/compare-runs.ts";
import { needsOfScenario } from "../src/scenarios/scenario-cases.ts";
import { scenarios } from "../src/scenarios/scenario-files.ts";
import type { ErrorText, Program, Run, Scenario } from "../src/scenarios/scenario.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const python = await findPython();
if (python === undefined) console.info("no CPython 3.11 or newer was found: the scenarios run in pyodide alone");

const pythons: readonly (readonly [string, () => Promise<LocalDriver>])[] = [
  ["pyodide", startPyodide],
  ...(python === undefined ? [] : [[python, () => startCPython(python)] as const]),
];

describe.each(pythons)("asyncio on %s", (_, start) => {
  let driver: LocalDriver;

  beforeAll(async () => {
    driver = await start();
  }, 60_000);

  afterAll(() => driver.stop());

  it("says who it is", () => {
    expect(driver.name).toBe("asyncio");
    expect(driver.runtime).toMatch(/^CPython 3\.\d+\.\d+/);
    expect(driver.lacks).toHaveProperty("option.failFast");
  });

  it.each(scenarios.filter(({ asyncio }) => asyncio !== "none").map((scenario) => [scenario.id, scenario] as const))(
    "gives what the scenario %s says of it",
    async (_id, scenario) => {
      const missing = needsOfScenario(scenario).flatMap((need) => driver.lacks[need] ?? []);
      if (missing.length > 0) {
        console.info(`${scenario.id} says nothing here: ${missing.join("; ")}`);
        // It must be refused then: nothing else would be true.
        expect(await driver.run(scenario.program)).toHaveProperty("skipped");
        return;
      }
      const { asyncio, order, program } = scenario;
      expect(differenceOf(scenario, await run(driver, program, true), order)).toBeUndefined();
      if (asyncio === "none" || isOlder(driver.version, scenario.asyncioSince)) return;
      // asyncio's groups have no cause (OUT-2); in all else bare asyncio must do it by itself.
      const expected = asyncio === "same" ? scenario : asyncio;
      const bare = await run(driver, program, false);
      expect(differenceOf(withoutCauses(expected), bare, order)).toBeUndefined();
    },
  );

  it("tells what it has nothing for", async () => {
    const body = [{ try: [{ spawn: "a", body: [], background: true }], catch: "any" }] as const;
    expect(await driver.run({ body })).toEqual({ skipped: "asyncio.TaskGroup has no background members" });
  });

  it("tells a program that waits for ever from one that it can't run", async () => {
    expect(await driver.run({ events: ["e"], body: [{ wait: "e" }] })).toEqual({
      error: "stuck: everything waits at 0 ms, and no timer is set",
    });
    const nonsense = { body: [{ dance: 1 }] } as unknown as Program;
    expect(await driver.run(nonsense)).toEqual({ error: 'ProgramError: nobody knows the step {"dance":1}' });
    // It goes on after both.
    expect(await driver.run({ body: [{ return: 1 }] })).toHaveProperty("outcome", { value: 1 });
  });
});

describe("a python that won't do", () => {
  it("is named, with the reason", async () => {
    await expect(startCPython("no-such-python")).rejects.toThrow(/no-such-python.*ENOENT/s);
  });
});

async function run(driver: LocalDriver, program: Program, emulate: boolean): Promise<Run> {
  const answer = await driver.run(program, { emulate });
  if ("trace" in answer) return answer;
  throw new Error(JSON.stringify(answer));
}

function isOlder(version: string, since: Scenario["asyncioSince"]): boolean {
  if (since === undefined) return false;
  const [[major = 0, minor = 0], [wantedMajor = 0, wantedMinor = 0]] = [version, since].map((text) =>
    text.split(".").map(Number),
  ) as [number[], number[]];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** A run as asyncio can tell it. */
function withoutCauses({ trace, outcome }: Run): Run {
  return {
    trace: trace.map((line) =>
      line.replace(/\{.*$/s, (json) => JSON.stringify(withoutCause(JSON.parse(json) as ErrorText))),
    ),
    outcome: "error" in outcome ? { error: withoutCause(outcome.error) } : outcome,
  };
}

function withoutCause(error: ErrorText): ErrorText {
  return typeof error === "string" ? error : { group: error.group.map(withoutCause) };
}
