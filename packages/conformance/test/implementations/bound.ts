import { type Case, caseOf } from "../../src/case.ts";
import { check } from "../../src/check.ts";
import type { BindingOptions } from "../../src/bindings/tests-of.ts";

const cases: readonly Case[] = [
  caseOf("LC-1", "passes", "passes", {}, () => {}),
  caseOf("LC-1", "fails", "fails", {}, () => check(false, "it should be otherwise")),
  caseOf("LC-1", "known", "fails as it is known to", {}, () => check(false, "this too")),
  caseOf("LC-2", "lacking", "needs a semaphore", { needs: ["Semaphore"] }, () => {}),
  caseOf("LC-2", "skips", "skips itself", {}, (trial) => trial.skip("nothing to see")),
];

/** One case that passes, one that fails, and three that are skipped. */
export const options: BindingOptions = { cases, known: { "LC-1.known": "not yet" } };
