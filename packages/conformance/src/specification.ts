import document from "../spec.json" with { type: "json" };

/** The words of RFC 2119 with which a requirement asks for something. */
type Keyword = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "MAY";

/** One thing that a clause asks of an implementation, in one sentence. */
export interface Requirement {
  readonly level: Keyword;
  readonly text: string;
  /** Why no case shows it yet, though the clause has cases for the rest. */
  readonly untested?: string;
}

/** A numbered part of the specification, and what cases and reports refer to. */
export interface Clause {
  /** `LC-1`. */
  readonly id: string;
  readonly title: string;
  /** Counts the texts that the clause has had. A case says for which of them it was written. */
  readonly revision: number;
  /** Of the requirements' levels and texts: tells that a text has changed. */
  readonly digest: string;
  readonly requirements: readonly Requirement[];
  /** What CPython has, or which of its tests. */
  readonly asyncio?: string;
  /** Where and why the clause departs from asyncio. */
  readonly differs?: string;
  /** Why the clause has no case yet. */
  readonly untested?: string;
}

/** Clauses of one subject, and the letters that their ids begin with. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Paragraphs, with an empty line between them. */
  readonly intro?: string;
  /** Names of the surface, with a line each. */
  readonly names?: readonly { readonly name: string; readonly text: string }[];
  readonly clauses: readonly Clause[];
}

/** The specification as a document: `spec.json`, of which `SPEC.md` is made. */
export interface Specification {
  /** Of the contract. The suite's cases have the version of their package. */
  readonly version: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

/** The specification that this suite is for. */
export const specification: Specification = document as Specification;

/** Every clause, in the document's order. */
export function clausesOf({ sections }: Specification): readonly Clause[] {
  return sections.flatMap(({ clauses }) => clauses);
}

/** The clause of an id such as `LC-1`. */
export function clauseOf(id: string, { sections }: Specification = specification): Clause | undefined {
  for (const { clauses } of sections) for (const clause of clauses) if (clause.id === id) return clause;
  return undefined;
}

/** The section of a clause: of `LC-1` it is `LC`. */
export function sectionOf(clause: string, { sections }: Specification = specification): Section | undefined {
  return sections.find(({ clauses }) => clauses.some(({ id }) => id === clause));
}
