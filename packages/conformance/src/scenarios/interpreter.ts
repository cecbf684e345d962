import type { ConformanceTarget } from "../target.ts";
import { Trial } from "../trial.ts";
import { checkProgram } from "./check-program.ts";
import { errorText } from "./error-text.ts";
import type { Json, Program } from "./program.ts";
import { ProgramRun } from "./program-run.ts";
import type { Outcome, Run } from "./scenario.ts";

/**
 * Runs a program on an implementation under a clock of its own.
 *
 * @throws ProgramError for a program that is none, StuckError if it can't end, CheckFailed for what it leaves behind.
 */
export async function runProgram(target: ConformanceTarget, program: Program): Promise<Run> {
  let run: Run | undefined;
  await new Trial(target).run(async (trial) => void (run = await interpret(trial, program)));
  return run as unknown as Run;
}

/** Runs a program on the implementation of a trial that is under way; its log is the trace. */
export async function interpret(trial: Trial, program: Program): Promise<Run> {
  checkProgram(program);
  const outside = new Error(program.abort?.reason);
  const run = new ProgramRun(trial, program, outside);
  const undo = abortLater(trial, program, outside);
  try {
    const value = await run.root(undo?.signal);
    return { trace: trial.log, outcome: { value: (value ?? null) as Json } };
  } catch (error) {
    return { trace: trial.log, outcome: outcomeOf(error, outside) };
  } finally {
    undo?.clear();
  }
}

function outcomeOf(error: unknown, outside: Error): Outcome {
  return error === outside ? { cancelled: outside.message } : { error: errorText(error, outside) };
}

/** The outside of a program that has one: a signal that will be aborted, and the timer that does it. */
function abortLater(
  trial: Trial,
  { abort }: Program,
  reason: Error,
): { signal: AbortSignal; clear(): void } | undefined {
  if (abort === undefined) return undefined;
  const controller = trial.controller();
  const timer = setTimeout(() => controller.abort(reason), abort.at);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
