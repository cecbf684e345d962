import { type Clause, clausesOf, type Requirement, type Section, type Specification } from "../src/specification.ts";
import { markdownTable } from "./markdown-table.ts";

/** The specification for people to read: `SPEC.md`. */
export function renderSpecification(spec: Specification): string {
  const { title, version, sections } = spec;
  const parts = [
    `# ${title}`,
    `Version ${version}. Generated from \`spec.json\` by \`scripts/specification.ts\`: change that, not this page.`,
    ABSTRACT,
    "## Contents",
    contents(sections),
    HOW_TO_READ,
    CONFORMANCE,
    untestedRows(spec),
    VERSIONS,
    ...sections.map(renderSection),
  ];
  return `${parts.join("\n\n")}\n`;
}

const ABSTRACT = `This is what a task group does: a block that runs functions concurrently, doesn't end before all of them have, cancels
the rest when one fails, and loses no error. It is asyncio's \`TaskGroup\` for JavaScript, with what JavaScript asks for
beside it. It is written for those who implement one, and for those who want to know what one promises.`;

const HOW_TO_READ = `## <a id="reading"></a>How to read it

The words **MUST**, **MUST NOT**, **SHOULD**, **SHOULD NOT** and **MAY** mean what RFC 2119 and RFC 8174 say, where they
stand in capitals. A _must_ holds without exception. A _should_ holds unless there is a good reason against it, whose
price has been weighed. A _may_ is left to the implementation, and nobody may count on either.

Each entry of a clause asks for one thing. What stands in italics below the entries asks for nothing: _asyncio_ says
what CPython has, or which of its tests show the same; _differs_ says where the clause departs from asyncio, and why.
Where a clause is silent, asyncio decides, and Trio where asyncio has nothing.`;

const CONFORMANCE = `## <a id="conformance"></a>How conformance is claimed

The suite in this package runs cases on an implementation. Each case belongs to a clause, and has a level.

- An implementation **conforms** to a version of this document if every case of the level MUST that applies to it passes.
  A case of the level SHOULD that fails is told in the report, and is for the implementation to explain. A case of the
  level MAY tells what an implementation does.
- Only \`taskGroup\` has to be there. What else an implementation lacks, a name of the surface, a method, an option or
  something of its host, it **declares** as a capability that it lacks, best with the reason. The cases that need it are
  skipped, with the reason, and counted. So a claim reads "conforms to version 1.0, without \`map\` and \`Barrier\`".
- What an implementation has, or declares that it has, is tested: a failure there is a failure, not a gap.
- A failure that the implementer knows of may be listed as known, with the reason. It stays visible as such, and doesn't
  conform. A listed failure that passes is an error: the list is stale.
- The result is one for each runtime that an implementation is for. A claim names the runtimes.`;

const VERSIONS = `## <a id="versions"></a>Versions

This document has a version of its own, apart from that of the package that carries it and its cases. Its first number
rises when an implementation that conforms may have to change, or a target has to be handed in differently; its second
when clauses are added or made clearer. Cases may be added in any release of the package, within one version of this
document: a case shows what a clause says already.

Each clause has a revision, which rises with every change of what it asks for; each case names the revision that it was
written for. Ids of clauses and cases never change their meaning, and those that were published stay.`;

function contents(sections: readonly Section[]): string {
  const fixed = [
    "- [How to read it](#reading)",
    "- [How conformance is claimed](#conformance)",
    "- [Versions](#versions)",
  ];
  const lines = sections.flatMap(({ id, title, clauses }) => [
    `- [${title}](#${anchor(id)})`,
    ...clauses.map((clause) => `  - [${clause.id}](#${anchor(clause.id)}) ${clause.title}`),
  ]);
  return [...fixed, ...lines].join("\n");
}

/** A row for each clause, and each requirement, that no case shows yet. */
function untestedRows(spec: Specification): string {
  const rows = clausesOf(spec).flatMap(({ id, title, untested, requirements }) => {
    const link = `[${id}](#${anchor(id)})`;
    if (untested !== undefined) return [[link, `all of it: ${title}`, untested]];
    return requirements.flatMap(({ text, untested: why }) => (why === undefined ? [] : [[link, text, why]]));
  });
  if (rows.length === 0) return "Every clause has a case.";
  return `What no case shows yet:\n\n${markdownTable([["clause", "what", "why"], ...rows])}`;
}

function renderSection({ id, title, intro, names = [], clauses }: Section): string {
  const heading = clauses.length === 0 ? title : `${title} (${id})`;
  const parts = [`## <a id="${anchor(id)}"></a>${heading}`];
  if (intro !== undefined) parts.push(intro);
  if (names.length > 0)
    parts.push(markdownTable([["name", ""], ...names.map((name) => [`\`${name.name}\``, name.text])]));
  return [...parts, ...clauses.map(renderClause)].join("\n\n");
}

function renderClause({ id, title, revision, requirements, asyncio, differs, untested }: Clause): string {
  const parts = [`### <a id="${anchor(id)}"></a>${id} ${title}`, requirements.map(renderRequirement).join("\n")];
  if (asyncio !== undefined) parts.push(`_asyncio:_ ${asyncio}`);
  if (differs !== undefined) parts.push(`_differs:_ ${differs}`);
  if (untested !== undefined) parts.push(`_untested:_ ${untested}`);
  if (revision > 1) parts.push(`_revision:_ ${revision}`);
  return parts.join("\n\n");
}

function renderRequirement({ level, text, untested }: Requirement): string {
  const line = `- ${text.replace(level, `**${level}**`)}`;
  return untested === undefined ? line : `${line} _Untested:_ ${untested}`;
}

function anchor(id: string): string {
  return id.toLowerCase();
}
