import type { Case } from "../src/case.ts";
import { type Clause, clausesOf, type Specification } from "../src/specification.ts";
import { digestOf } from "./clause-digest.ts";

/** What of a case or scenario ties it to the specification. */
export type CaseTie = Pick<Case, "id" | "clause" | "revision" | "level">;

const KEYWORDS = /\b(?:MUST NOT|MUST|SHOULD NOT|SHOULD|MAY)\b/g;
const CASE_ID = /^[A-Z]{2,3}-\d+\.[A-Za-z\d]+(?:-[A-Za-z\d]+)*$/;

/** What is wrong with the document by itself, in a line each. */
export function textFaults(spec: Specification): readonly string[] {
  const faults = repeated(clausesOf(spec).map(({ id }) => id)).map((id) => `two clauses have the id ${id}`);
  for (const { id: section, clauses } of spec.sections) {
    for (const clause of clauses) {
      const { id, digest, requirements } = clause;
      if (!new RegExp(`^${section}-\\d+$`).test(id))
        faults.push(`${id} is no id of a clause in the section ${section}`);
      if (requirements.length === 0) faults.push(`${id} asks for nothing`);
      for (const { level, text } of requirements) {
        const words = text.match(KEYWORDS) ?? [];
        if (words.length !== 1 || words[0] !== level)
          faults.push(`${id} asks for one thing by ${level}, but says ${words.join(", ") || "no such word"}: ${text}`);
      }
      if (digest !== digestOf(clause))
        faults.push(
          `${id} has another text than its digest: read what changed, then run scripts/specification.ts --accept`,
        );
    }
  }
  return faults;
}

/** Where the cases don't cover the specification, or don't belong to it, in a line each. */
export function coverageFaults(spec: Specification, cases: readonly CaseTie[]): readonly string[] {
  const clauses = clausesOf(spec);
  const faults = clauses.flatMap((clause) =>
    clauseFaults(
      clause,
      cases.filter((tie) => tie.clause === clause.id),
    ),
  );
  const ids = new Set(clauses.map(({ id }) => id));
  for (const { id, clause } of cases)
    if (!ids.has(clause)) faults.push(`${id} is a case of ${clause}, which doesn't exist`);
  return faults;
}

function clauseFaults({ id, revision, requirements, untested }: Clause, cases: readonly CaseTie[]): readonly string[] {
  if (untested !== undefined) {
    return cases.length === 0 ? [] : [`${id} is marked as untested, but has cases: ${idsOf(cases)}`];
  }
  if (cases.length === 0) return [`${id} has no case`];
  const faults: string[] = [];
  const isMust = requirements.some(({ level }) => level.startsWith("MUST"));
  if (isMust && !cases.some(({ level }) => level === "MUST"))
    faults.push(`${id} has requirements of the level MUST, but none of its cases is: ${idsOf(cases)}`);
  const stale = cases.filter((tie) => tie.revision !== revision);
  if (stale.length > 0)
    faults.push(
      `${id} is at revision ${revision}; read its text, see whether these cases still say what it says, and give them that revision: ${idsOf(stale)}`,
    );
  return faults;
}

/** What is wrong with the ids of cases, in a line each. `published` are those that may never go. */
export function idFaults(cases: readonly CaseTie[], published: readonly string[]): readonly string[] {
  const ids = cases.map(({ id }) => id);
  const faults = repeated(ids).map((id) => `two cases have the id ${id}`);
  for (const { id, clause } of cases)
    if (!CASE_ID.test(id) || !id.startsWith(`${clause}.`))
      faults.push(`${id} is no id of a case of ${clause}: it has to be ${clause}.some-words`);
  const present = new Set(ids);
  for (const id of published) if (!present.has(id)) faults.push(`${id} was published, and is gone`);
  for (const id of repeated(published)) faults.push(`${id} stands twice among the published ids`);
  return faults;
}

function idsOf(cases: readonly CaseTie[]): string {
  return cases.map(({ id }) => id).join(", ");
}

function repeated(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
