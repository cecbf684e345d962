import type { Capability } from "../capability.ts";
import type { Case } from "../case.ts";
import { CheckFailed } from "../check.ts";
import { differenceOf } from "./compare-runs.ts";
import { interpret } from "./interpreter.ts";
import { needsOf } from "./needs-of.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenario-files.ts";

/** A scenario as a case: it fails at the first line that differs, and shows both traces beside each other. */
export function caseOfScenario(scenario: Scenario): Case {
  const { id, clause, revision = 1, level = "MUST", title, program, order } = scenario;
  return {
    id,
    clause,
    revision,
    level,
    title,
    needs: needsOfScenario(scenario),
    run: async (trial) => {
      const difference = differenceOf(scenario, await interpret(trial, program), order);
      if (difference !== undefined) throw new CheckFailed(difference);
    },
  };
}

/** What an implementation must have for the scenario to say anything. */
export function needsOfScenario({ needs = [], program }: Scenario): readonly Capability[] {
  return [...new Set([...needsOf(program), ...needs])];
}

/** Every scenario as a case. */
export const scenarioCases: readonly Case[] = /* @__PURE__ */ scenarios.map(caseOfScenario);
