import { deflateRawSync } from "node:zlib";
import { deflateSync, strToU8 } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programs } from "../src/programs/programs.ts";
import { ProgramTooLong, readLink, writeLink } from "../src/share/link.ts";
import { anyText } from "./support/any-text.ts";

const mode = fc.constantFrom("real" as const, "virtual" as const);

describe("a link to a program", () => {
  test("gives back any text, in a form that a URL can carry as it is", () => {
    fc.assert(
      fc.property(anyText, mode, fc.option(anyText, { nil: undefined }), (source, how, program) => {
        const fragment = writeLink({ program, source, mode: how });
        expect(fragment).toMatch(/^#[\w.-]+$/);
        expect(new URL(fragment, "http://host.invalid/").hash).toBe(fragment);
        expect(readLink(fragment)).toEqual({ kind: "program", program, source, mode: how });
      }),
    );
  });

  test("of each program of the page is shorter than 2,000 characters, which every messenger takes", () => {
    for (const { id, source } of programs)
      expect(writeLink({ program: id, source, mode: "real" }).length).toBeLessThan(2000);
  });

  test("that was made once is read for ever", () => {
    expect(readLink(FIRST_FORM)).toEqual({
      kind: "program",
      program: "race",
      source: "export default () => 1;\n",
      mode: "virtual",
    });
  });

  test("says what is wrong when any part of it is missing, and doesn't throw", () => {
    const whole = writeLink({ program: "crawl", source: programs[0]?.source ?? "", mode: "real" });
    for (let length = "#p1".length; length < whole.length; length++) {
      const link = readLink(whole.slice(0, length));
      expect(link).toEqual({ kind: "broken", message: expect.stringMatching(/^The link can’t be read: .+\.$/) });
    }
  });

  test("is refused when a character of it was changed, or gives the very same", () => {
    const shared = { program: "crawl", source: "export default () => 'what was meant';", mode: "real" } as const;
    const whole = writeLink(shared);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.base64String({ minLength: 1 }), (at, other) => {
        const changed = whole.slice(0, at) + (other[0] as string) + whole.slice(at + 1);
        const link = readLink(changed);
        if (link?.kind === "program") expect(link).toEqual({ kind: "program", ...shared });
      }),
    );
  });

  test("never throws, whatever the fragment is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          anyText.map((rest) => `#p1.${rest}`),
        ),
        (fragment) => {
          expect(["program", "broken", undefined]).toContain(readLink(fragment)?.kind);
        },
      ),
    );
  });

  test("leaves other fragments alone", () => {
    for (const fragment of ["", "#", "#timeline", "#programs", "#p", "?p1"]) expect(readLink(fragment)).toBeUndefined();
  });

  test("of a later form of the page is named as such", () => {
    expect(readLink("#p2.abc.def")).toEqual({
      kind: "broken",
      message: "The link can’t be read: it was made by another version of this page.",
    });
  });

  test("is made only if it can be read: of a program that is too long there is none", { timeout: 60_000 }, () => {
    // Random characters pack to about their length, one character again and again to next to nothing.
    const source = fc.oneof(
      fc.integer({ min: 150_000, max: 330_000 }).map(noiseOf),
      fc.integer({ min: 990_000, max: 1_010_000 }).map((length) => "x".repeat(length)),
    );
    const kinds = new Set<string>();
    fc.assert(
      fc.property(source, mode, (text, how) => {
        const shared = { program: undefined, source: text, mode: how };
        let link: string;
        try {
          link = writeLink(shared);
        } catch (error) {
          kinds.add("none");
          expect(error).toBeInstanceOf(ProgramTooLong);
          expect(error).toMatchObject({ code: "PLAYGROUND_PROGRAM_TOO_LONG", message: expect.stringMatching(/\d+/) });
          return;
        }
        kinds.add("made");
        expect(readLink(link)).toEqual({ kind: "program", ...shared });
      }),
      {
        numRuns: 10,
        examples: [
          [noiseOf(150_000), "real"],
          [noiseOf(330_000), "real"],
          ["x".repeat(2_000_000), "real"],
        ],
      },
    );
    expect(kinds).toEqual(new Set(["made", "none"]));
  });

  test("that unpacks to far more than any program is given up early", () => {
    const bomb = deflateRawSync(new Uint8Array(20_000_000));
    const data = bomb.toString("base64url");
    const before = performance.now();
    expect(readLink(`#p1.0.${data}`)).toEqual({
      kind: "broken",
      message: "The link can’t be read: what it carries is longer than any program.",
    });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test("with something else in it is refused", () => {
    for (const value of [null, 1, "text", [], ["real", null], ["fast", null, ""], ["real", 1, ""]]) {
      const bytes = strToU8(JSON.stringify(value));
      const data = Buffer.from(deflateSync(bytes)).toString("base64url");
      let hash = 0x811c9dc5;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
      expect(readLink(`#p1.${(hash >>> 0).toString(36)}.${data}`)).toEqual({
        kind: "broken",
        message: "The link can’t be read: what it carries is no program.",
      });
    }
  });
});

/** Text of this length that can't be packed well, the same each time. */
function noiseOf(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (seed % 90));
  }).join("");
}

const FIRST_FORM = "#p1.z70j88.i1YqyywqKU3MUdJRKkpMTgVSqRUF-UUlCimpaYmlOSUKGpoKtnYKhtYxeUqxAA";
