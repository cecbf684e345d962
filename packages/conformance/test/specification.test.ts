import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, vi } from "vitest";
import published from "../published-ids.json" with { type: "json" };
import schema from "../schemas/spec.schema.json" with { type: "json" };
import { acceptTexts, digestOf } from "../scripts/clause-digest.ts";
import { renderSpecification } from "../scripts/render-specification.ts";
import { type CaseTie, coverageFaults, idFaults, textFaults } from "../scripts/specification-faults.ts";
import document from "../spec.json" with { type: "json" };
import { everyCase } from "../src/every-case.ts";
import {
  type Clause,
  clauseOf,
  clausesOf,
  type Requirement,
  sectionOf,
  type Specification,
  specification,
} from "../src/specification.ts";
import { SPEC_VERSION } from "../src/versions.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

describe("the specification", () => {
  it("is what its schema describes", () => {
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    validate(document);
    expect(validate.errors).toBeNull();
  });

  it("is SPEC.md, which scripts/specification.ts makes of it", () => {
    const page = readFileSync(join(import.meta.dirname, "../SPEC.md"), "utf8");
    expect(page === renderSpecification(specification), "run scripts/specification.ts").toBe(true);
  });

  it("asks for one thing at a time, and has changed no text without a new revision", () => {
    expect(textFaults(specification)).toEqual([]);
  });

  it("names what the interface Surface has", () => {
    const names = specification.sections.flatMap((section) => section.names ?? []).map(({ name }) => name);
    const source = readFileSync(join(import.meta.dirname, "../src/surface.ts"), "utf8");
    const members = Array.from(source.matchAll(/^ {2}readonly (\w+):/gm), ([, name]) => name);
    expect(names).toHaveLength(members.length);
    expect(new Set(names)).toEqual(new Set(members));
  });

  it("has a case for every clause and every MUST, each written for the text as it is", () => {
    expect(coverageFaults(specification, everyCase)).toEqual([]);
  });

  it("has cases of well-formed ids, one each, and all that were ever published", () => {
    expect(idFaults(everyCase, published)).toEqual([]);
  });

  it("has the version that reports name", () => {
    expect(SPEC_VERSION).toBe(specification.version);
  });

  it("is looked up by the id of a clause", () => {
    for (const clause of clausesOf(specification)) expect(clauseOf(clause.id)).toBe(clause);
    expect(sectionOf("LC-1")?.title).toBe("Lifecycle");
    expect(clauseOf("LC-99")).toBeUndefined();
    expect(sectionOf("LC")).toBeUndefined();
  });
});

const MUST = requirement("The block MUST wait.");
const SHOULD = requirement("The block SHOULD be quick.");

describe("a fault of the document", () => {
  it("is none where all is well", () => {
    expect(textFaults(specOf(clause("AA-1", [MUST, SHOULD])))).toEqual([]);
  });

  it("is a text that isn't that of its digest", () => {
    const changed = { ...clause("AA-1", [MUST]), requirements: [requirement("The block MUST wait for all.")] };
    expect(textFaults(specOf(changed))).toEqual([
      expect.stringMatching(/^AA-1 has another text than its digest: .*--accept/),
    ]);
  });

  it("is a changed level, too, even if the text has the word", () => {
    const changed = { ...clause("AA-1", [MUST]), requirements: [{ ...MUST, level: "MAY" as const }] };
    expect(textFaults(specOf(changed))).toEqual([
      "AA-1 asks for one thing by MAY, but says MUST: The block MUST wait.",
      expect.stringContaining("AA-1 has another text"),
    ]);
  });

  it("isn't a remark that changed", () => {
    expect(
      textFaults(specOf({ ...clause("AA-1", [MUST]), title: "Other", asyncio: "Other", differs: "Other" })),
    ).toEqual([]);
  });

  it("is an entry that asks for two things, or for nothing", () => {
    const two: Requirement = { level: "MUST", text: "It MUST wait and MUST NOT fail." };
    const none: Requirement = { level: "MUST", text: "It waits." };
    expect(textFaults(specOf(clause("AA-1", [two, none]), clause("AA-2", [])))).toEqual([
      "AA-1 asks for one thing by MUST, but says MUST, MUST NOT: It MUST wait and MUST NOT fail.",
      "AA-1 asks for one thing by MUST, but says no such word: It waits.",
      "AA-2 asks for nothing",
    ]);
  });

  it("is an id that two clauses have, or one of another section", () => {
    expect(textFaults(specOf(clause("AA-1", [MUST]), clause("AA-1", [MUST]), clause("BB-1", [MUST])))).toEqual([
      "two clauses have the id AA-1",
      "BB-1 is no id of a clause in the section AA",
    ]);
  });
});

describe("accepting the texts", () => {
  it("gives a changed clause its digest and a new revision, and leaves the others alone", () => {
    const same = clause("AA-1", [MUST]);
    const changed = { ...clause("AA-2", [MUST]), requirements: [SHOULD] };
    const accepted = acceptTexts(specOf(same, changed));
    expect(clausesOf(accepted)).toEqual([same, { ...clause("AA-2", [SHOULD]), revision: 2 }]);
    expect(textFaults(accepted)).toEqual([]);
    expect(acceptTexts(accepted)).toEqual(accepted);
  });

  it("leaves a new clause, which has no digest yet, at its first revision", () => {
    const accepted = acceptTexts(specOf({ ...clause("AA-1", [MUST]), digest: "" }));
    expect(clausesOf(accepted)).toEqual([clause("AA-1", [MUST])]);
  });
});

describe("a fault of the cases", () => {
  const spec = specOf(clause("AA-1", [MUST]), clause("AA-2", [SHOULD]));
  const ties = [tie("AA-1.waits"), { ...tie("AA-2.quick"), level: "SHOULD" as const }];

  it("is none where all is well", () => {
    expect(coverageFaults(spec, ties)).toEqual([]);
    expect(idFaults(ties, ["AA-1.waits"])).toEqual([]);
  });

  it("is a clause without one", () => {
    expect(coverageFaults(spec, ties.slice(1))).toEqual(["AA-1 has no case"]);
  });

  it("is a case of a clause that doesn't exist", () => {
    expect(coverageFaults(spec, [...ties, tie("AA-3.gone")])).toEqual([
      "AA-3.gone is a case of AA-3, which doesn't exist",
    ]);
  });

  it("is a clause of a MUST whose cases only ask that it should", () => {
    expect(coverageFaults(spec, [{ ...tie("AA-1.waits"), level: "SHOULD" }, ...ties.slice(1)])).toEqual([
      "AA-1 has requirements of the level MUST, but none of its cases is: AA-1.waits",
    ]);
  });

  it("is a case that was written for another text: the line says which to look at", () => {
    const changed = specOf({ ...clause("AA-1", [MUST]), revision: 2 }, clause("AA-2", [SHOULD]));
    const cases = [...ties, { ...tie("AA-1.new"), revision: 2 }, tie("AA-1.old")];
    expect(coverageFaults(changed, cases)).toEqual([
      expect.stringMatching(/^AA-1 is at revision 2; .*: AA-1\.waits, AA-1\.old$/),
    ]);
  });

  it("is a case of a clause that is marked as untested", () => {
    const marked = specOf({ ...clause("AA-1", [MUST]), untested: "No adapter yet." }, clause("AA-2", [SHOULD]));
    expect(coverageFaults(marked, ties.slice(1))).toEqual([]);
    expect(coverageFaults(marked, ties)).toEqual(["AA-1 is marked as untested, but has cases: AA-1.waits"]);
  });

  it("is an id that two have", () => {
    expect(idFaults([...ties, tie("AA-1.waits")], [])).toEqual(["two cases have the id AA-1.waits"]);
  });

  it.each(["AA-1", "AA-1.", "AA-1.waits--long", "AA-1.waits.long", "AA-2.waits", "aa-1.waits"])(
    "is an id of a case of AA-1 that isn't AA-1.some-words: %s",
    (id) => {
      expect(idFaults([{ ...tie("AA-1.waits"), id }], [])).toEqual([
        expect.stringContaining(`${id} is no id of a case of AA-1`),
      ]);
    },
  );

  it("is one that was published, and is gone", () => {
    expect(idFaults(ties, ["AA-1.waited", "AA-1.waits", "AA-1.waits"])).toEqual([
      "AA-1.waited was published, and is gone",
      "AA-1.waits stands twice among the published ids",
    ]);
  });
});

describe("SPEC.md", () => {
  it("has an anchor for each clause, its words in bold, its remarks, and a row for what isn't tested", () => {
    const page = renderSpecification(
      specOf(
        { ...clause("AA-1", [MUST]), revision: 3, asyncio: "`test_01`", differs: "Promises can't." },
        clause("AA-2", [MUST, { ...SHOULD, untested: "Too slow." }]),
        { ...clause("AA-3", [MUST]), untested: "No adapter yet." },
      ),
    );
    expect(page).toContain('### <a id="aa-1"></a>AA-1 A title\n\n- The block **MUST** wait.\n\n_asyncio:_ `test_01`');
    expect(page).toContain("_differs:_ Promises can't.\n\n_revision:_ 3");
    expect(page).toContain("  - [AA-2](#aa-2) A title");
    expect(page).toContain("- The block **SHOULD** be quick. _Untested:_ Too slow.");
    expect(page).toMatch(/\| \[AA-2\]\(#aa-2\) \| The block SHOULD be quick\. +\| Too slow\. +\|/);
    expect(page).toMatch(/\| \[AA-3\]\(#aa-3\) \| all of it: A title +\| No adapter yet\. \|/);
  });
});

function requirement(text: string): Requirement {
  return { level: text.includes("SHOULD") ? "SHOULD" : "MUST", text };
}

function clause(id: string, requirements: readonly Requirement[]): Clause {
  return { id, title: "A title", revision: 1, digest: digestOf({ requirements }), requirements };
}

function specOf(...clauses: readonly Clause[]): Specification {
  return { version: "1.0", title: "A specification", sections: [{ id: "AA", title: "A section", clauses }] };
}

function tie(id: string): CaseTie {
  return { id, clause: id.slice(0, id.indexOf(".")), revision: 1, level: "MUST" };
}
