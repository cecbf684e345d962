import type { CaseResult } from "./report.ts";
import { matchesId } from "./select-cases.ts";
import { RefusedError } from "./refused-error.ts";

/**
 * What an implementer knows to fail, and why: by id, or by a pattern such as `DX-*`, which lists every case that it means.
 * The list goes stale loudly: what is listed and passes is an error.
 */
export type KnownFailures = Readonly<Record<string, string>>;

/** Checks what came out of a file; throws a RefusedError that says what is wrong with it. */
export function knownFailures(value: unknown): KnownFailures {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RefusedError('known failures are an object: { "LC-1.body-value": "why" }');
  for (const [id, why] of Object.entries(value))
    if (typeof why !== "string" || why.trim() === "") throw new RefusedError(`the known failure ${id} needs a reason`);
  return value as KnownFailures;
}

/** What the list makes of a result: a failure that it knows of is `known`, a listed case that passes is `fixed`. */
export function withKnown(result: CaseResult, known: KnownFailures): CaseResult {
  if (result.status !== "pass" && result.status !== "fail") return result;
  const [pattern, why] = Object.entries(known).find(([listed]) => matchesId(listed, result.id)) ?? [];
  if (pattern === undefined) return result;
  if (result.status === "fail")
    return { ...result, status: "known", message: `${why}\n${result.message ?? ""}`.trim() };
  return { ...result, status: "fixed", message: `it passes, but ${pattern} lists it as a known failure: ${why}` };
}

/** What is listed and means no case at all. */
export function staleEntries(known: KnownFailures, ids: readonly string[]): readonly string[] {
  return Object.keys(known)
    .filter((listed) => !ids.some((id) => matchesId(listed, id)))
    .map((listed) => `${listed} is listed as a known failure, but there is no such case`);
}
