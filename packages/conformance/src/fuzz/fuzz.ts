import * as fc from "fast-check";
import { lookFor } from "../look-for.ts";
import { needsOf } from "../scenarios/needs-of.ts";
import type { Program } from "../scenarios/scenario.ts";
import type { ConformanceTarget } from "../target.ts";
import { type Behaviour, behaviourBy, behaviourOf, isSameBehaviour, type ProgramDriver } from "./behaviour.ts";
import { finishProgram } from "./finish-program.ts";
import { randomOutline } from "./random-program.ts";
import { smallest } from "./smaller-programs.ts";

export interface FuzzOptions {
  /** The implementation that is looked at. */
  readonly target: ConformanceTarget;
  /** The one that it is compared with: CPython. */
  readonly driver: ProgramDriver;
  /** How many programs; 100 where nothing is said. */
  readonly runs?: number | undefined;
  /** Makes the same programs again. */
  readonly seed?: number | undefined;
  /** With the seed of a difference, runs its program alone. */
  readonly path?: string | undefined;
  /** Called after each program, before a difference is shrunk. */
  readonly onProgress?: ((done: number, runs: number) => void) | undefined;
}

/** What came of it. Its JSON says all that is needed to look at a difference, and to see it again. */
export interface FuzzReport {
  readonly seed: number;
  /** How many programs were run, without those that a difference was shrunk by. */
  readonly runs: number;
  /** Of these, how many one of the two lacks something for. */
  readonly skipped: number;
  /** How many waited for ever, on both sides alike. */
  readonly stuck: number;
  readonly difference?: FuzzDifference;
}

/** The smallest program found on which the two differ. */
export interface FuzzDifference {
  readonly path: string;
  readonly shrinks: number;
  readonly program: Program;
  readonly target: Behaviour;
  readonly driver: Behaviour;
}

/**
 * Runs random programs on an implementation and on CPython, and stops at the first that they differ on, shrunk to the
 * smallest. What comes first at one and the same moment makes no difference.
 *
 * @example
 * ```ts
 * const driver = await startPyodide();
 * const { difference } = await fuzz({ target, driver, runs: 1000, seed: 1 });
 * if (difference !== undefined) console.log(JSON.stringify(difference, null, 2));
 * ```
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { target, driver, runs = 100, onProgress } = options;
  const seed = options.seed ?? newSeed();
  const counts = { runs: 0, skipped: 0, stuck: 0 };
  const lacks = await lookFor(target);
  let hasFailed = false;
  const agrees = async (outline: Program): Promise<boolean> => {
    const program = finishProgram(outline);
    const isLacking = needsOf(program).some((need) => lacks(need) !== undefined);
    const expected = isLacking ? { skipped: "the target lacks it" } : await behaviourBy(driver, program);
    const isSkipped = "skipped" in expected;
    const isSame = isSkipped || isSameBehaviour(await behaviourOf(target, program), expected);
    if (!hasFailed) {
      counts.runs++;
      if (isSkipped) counts.skipped++;
      if ("stuck" in expected) counts.stuck++;
      onProgress?.(counts.runs, runs);
    }
    hasFailed ||= !isSame;
    return isSame;
  };
  const { path } = options;
  const details = await fc.check(fc.asyncProperty(randomOutline, agrees), {
    seed,
    numRuns: runs,
    endOnFailure: false,
    ...(path === undefined ? {} : { path }),
  });
  const { counterexample, counterexamplePath, numShrinks } = details;
  if (counterexample === null || counterexamplePath === null) return { seed, ...counts };
  const program = finishProgram(await smallest(counterexample[0], async (smaller) => !(await agrees(smaller))));
  const difference = {
    path: counterexamplePath,
    shrinks: numShrinks,
    program,
    target: await behaviourOf(target, program),
    driver: await behaviourBy(driver, program),
  };
  return { seed, ...counts, difference };
}

function newSeed(): number {
  return Math.trunc(Math.random() * 2 ** 31);
}
