import type { Case } from "./case.ts";
import { CheckFailed } from "./check.ts";
import type { Lacks } from "./look-for.ts";
import type { CaseResult } from "./report.ts";
import type { ConformanceTarget } from "./target.ts";
import { thrownText } from "./thrown-text.ts";
import { Skip, Trial } from "./trial.ts";
import { StuckError } from "./virtual-clock.ts";

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
    const status = error instanceof Skip ? "skip" : "fail";
    return { ...result, status, message: messageOf(error), ms: performance.now() - began };
  }
}

/** A check's own words are enough; anything else was thrown by the implementation, or by the case itself. */
function messageOf(error: unknown): string {
  const isOwn = error instanceof Skip || error instanceof CheckFailed || error instanceof StuckError;
  return isOwn ? error.message : thrownText(error);
}
