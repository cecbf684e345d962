import { createHash } from "node:crypto";
import type { Clause, Specification } from "../src/specification.ts";

/** What the digest of a clause has to be: of what it asks for, not of the remarks beside it. */
export function digestOf({ requirements }: Pick<Clause, "requirements">): string {
  const hash = createHash("sha256");
  for (const { level, text } of requirements) hash.update(`${level} ${text}\n`);
  return hash.digest("hex").slice(0, 12);
}

/** Takes the texts as they are now: a clause whose text has changed gets its digest, and a new revision unless it is new. */
export function acceptTexts(spec: Specification): Specification {
  return { ...spec, sections: spec.sections.map((section) => ({ ...section, clauses: section.clauses.map(accept) })) };
}

function accept(clause: Clause): Clause {
  const digest = digestOf(clause);
  if (clause.digest === digest) return clause;
  return { ...clause, revision: clause.digest === "" ? 1 : clause.revision + 1, digest };
}
