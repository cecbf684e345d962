import { checkTarget } from "../check-target.ts";
import { everyCase } from "../every-case.ts";
import { knownFailures, staleEntries, withKnown } from "../known-failures.ts";
import { lookFor } from "../look-for.ts";
import { RefusedError } from "../refused-error.ts";
import { runCase } from "../run-case.ts";
import type { ConformanceOptions } from "../run-conformance.ts";
import { selectCases } from "../select-cases.ts";
import type { ConformanceTarget } from "../target.ts";

/** What a runner may be told. */
export type BindingOptions = Pick<ConformanceOptions, "only" | "known" | "cases">;

/** A case as a runner's test. */
export interface CaseTest {
  readonly name: string;
  /** Rejects if the implementation doesn't do it; gives the reason if the case is to be skipped. */
  readonly run: () => Promise<string | undefined>;
}

/** The suite as tests. Rejects with a RefusedError for a target that is none and for options that make no sense. */
export async function testsOf(target: ConformanceTarget, options: BindingOptions = {}): Promise<readonly CaseTest[]> {
  checkTarget(target);
  const { cases = everyCase, only = [] } = options;
  const known = knownFailures(options.known ?? {});
  const ids = cases.map(({ id }) => id);
  const [stale] = staleEntries(known, ids);
  if (stale !== undefined) throw new RefusedError(stale);
  const lacks = await lookFor(target);
  // A case has the host's clock to itself, also after its runner has given it up: the next waits for its end.
  let before: Promise<unknown> = Promise.resolve();
  return selectCases(cases, only).map((theCase) => ({
    name: `${theCase.id} ${theCase.title}`,
    async run() {
      const running = before.then(() => runCase(target, theCase, lacks));
      before = running;
      const { status, message = "" } = withKnown(await running, known);
      if (status === "pass") return undefined;
      if (status === "skip" || status === "known") return message;
      const error = new Error(message);
      // Its own lines lead here, where there is nothing to see.
      error.stack = message;
      throw error;
    },
  }));
}
