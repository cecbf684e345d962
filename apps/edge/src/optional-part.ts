import { exceptStar, type Scope } from "@cohort/workers";
import type { MissingPart, PartName, PartResult } from "./part.ts";
import { UnknownProductError, UpstreamError } from "./upstream-error.ts";

/**
 * A part that an answer can do without: what is too slow (`ms`) or fails is left out and named. Anything else than an
 * upstream's failure is a mistake of this program and goes on; so does a cancellation.
 */
export async function optionalPart(
  part: PartName,
  ms: number,
  fn: (scope: Scope) => Promise<unknown>,
  scope: Scope,
): Promise<PartResult> {
  try {
    const outcome = await scope.moveOnAfter(ms, fn);
    return outcome.timedOut ? { part, missing: { part, why: "too slow" } } : { part, value: outcome.value };
  } catch (error) {
    return { part, missing: await whyMissing(part, error) };
  }
}

async function whyMissing(part: PartName, error: unknown): Promise<MissingPart> {
  const found: MissingPart[] = [];
  // Both in one clause: what is in neither goes on, out of this function.
  await exceptStar(error, [
    [UnknownProductError, UpstreamError],
    (group) => {
      for (const { error } of group.leaves()) {
        const why = error instanceof UnknownProductError ? "unknown" : "failed";
        found.push({ part, why, detail: error.message });
      }
    },
  ]);
  const [first] = found;
  if (first === undefined) throw error;
  return { ...first, detail: [...new Set(found.map(({ detail }) => detail))].join("; ") };
}
