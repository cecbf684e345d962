import type { Case } from "./case.ts";
import type { Lacks } from "./look-for.ts";
import type { CaseResult } from "./report.ts";
import type { ConformanceTarget } from "./target.ts";
import { Skip, Trial } from "./trial.ts";

/** Runs one case on a target. Never rejects: what went wrong is in the result. */
export async function runCase(target: ConformanceTarget, theCase: Case, lacks: Lacks): Promise<CaseResult> {
  const { id, clause, level, title, needs } = theCase;
  const result = { id, clause, level, title };
  const missing = needs.flatMap((need) => lacks(need) ?? []);
  if (missing.length > 0) return { ...result, status: "skip", message: missing.join("; "), ms: 0 };
  const began = performance.now();
  try {
    await new Trial(target).run((trial) => theCase.run(trial));
    return { ...result, status: "pass", ms: performance.now() - began };
  } catch (error) {
    const message = error instanceof Error ? messageOf(error) : String(error);
    return { ...result, status: error instanceof Skip ? "skip" : "fail", message, ms: performance.now() - began };
  }
}

/** A check's own words are enough; anything else was thrown by the implementation, or by the case itself. */
function messageOf(error: Error): string {
  if (error instanceof Skip || error.name === "CheckFailed" || error.name === "StuckError") return error.message;
  return error.stack ?? `${error.name}: ${error.message}`;
}
