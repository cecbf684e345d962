import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidProgram } from "../src/run/invalid-program.ts";
import { linkProgram } from "../src/run/link-program.ts";
import { anyText } from "./support/any-text.ts";

const exported = new Set(["taskGroup", "sleep"]);
const link = (source: string): string => linkProgram(source, "blob:library", exported);

function mistakeIn(source: string): InvalidProgram {
  try {
    link(source);
  } catch (error) {
    if (error instanceof InvalidProgram) return error;
    throw error;
  }
  throw new Error("nothing was found to be wrong");
}

const MAIN = "export default function main() {}";

describe("the text of a program", () => {
  test.each([
    ['import { taskGroup } from "@cohort/browser";', 'import { taskGroup } from "blob:library";'],
    ["import * as all from '@cohort/browser';", 'import * as all from "blob:library";'],
    ['import "@cohort/browser";', 'import "blob:library";'],
    ['import { sleep as wait } from "@cohort/browser";', 'import { sleep as wait } from "blob:library";'],
    ['export * from "@cohort/browser";', 'export * from "blob:library";'],
    ['export { sleep } from "@cohort/browser";', 'export { sleep } from "blob:library";'],
    ['const all = await import("@cohort/browser");', 'const all = await import("blob:library");'],
    ['const f = () => import(`@cohort/browser`) ?? "@cohort/browser";', undefined],
  ])("imports the library from where it is: %s", (before, after) => {
    if (after === undefined) expect(mistakeIn(`${before}\n${MAIN}`)).toMatchObject({ line: 1, column: 24 });
    else expect(link(`${before}\n${MAIN}`)).toBe(`${after}\n${MAIN}`);
  });

  test("stays as it is where it only looks like an import", () => {
    const source = `// import "left";\nconst text = 'import { x } from "right"';\nconst re = /import("no")/;\n${MAIN}`;
    expect(link(source)).toBe(source);
  });

  test.each([
    ['import left from "left-pad";', 'a program here can import "@cohort/browser", not "left-pad"', 1, 18],
    ['\n  await import("./x.js");', 'a program here can import "@cohort/browser", not "./x.js"', 2, 16],
    ["await import(where);", 'a program here can import "@cohort/browser", not what is worked out as it runs', 1, 14],
    [
      'export * from "https://host.invalid/";',
      'a program here can import "@cohort/browser", not "https://host.invalid/"',
      1,
      15,
    ],
    ['import { taskGrup } from "@cohort/browser";', '"@cohort/browser" exports no "taskGrup"', 1, 10],
    ['import {\n  sleep,\n  nap as sleep2,\n} from "@cohort/browser";', '"@cohort/browser" exports no "nap"', 3, 3],
    ['import cohort from "@cohort/browser";', '"@cohort/browser" exports no "default"', 1, 8],
  ])("is refused for another import, with its place: %s", (source, message, line, column) => {
    expect(mistakeIn(`${source}\n${MAIN}`)).toMatchObject({ message, line, column });
  });

  test.each([
    ["const = 1;", "Unexpected token", 1, 7],
    ["let a;\nlet b = (a;\n", "Unexpected token", 2, 11],
    ["let a;\nlet a;", "Identifier 'a' has already been declared", 2, 5],
    ["'never ends", "Unterminated string constant", 1, 1],
    ["let text: string;", "Unexpected token", 1, 9],
  ])("that isn't JavaScript is refused with line and column: %s", (source, message, line, column) => {
    expect(mistakeIn(source)).toMatchObject({ message, line, column, code: "PLAYGROUND_INVALID_PROGRAM" });
  });

  test("may use what is new in the language", () => {
    const source = `await using x = y();\nusing z = w();\nclass A { static #p = 1; static { A.#p ??= 2; } }\n${MAIN}`;
    expect(link(source)).toBe(source);
  });

  test("has to export the function to run, in any form", () => {
    expect(mistakeIn("const main = 1;")).toMatchObject({
      message: "a program exports the function to run: export default async function main(group) { … }",
      line: undefined,
    });
    for (const form of [
      "export default () => 1;",
      "function f() {}\nexport { f as default };",
      "let f;\nexport { f as 'default' };",
    ])
      expect(link(form)).toBe(form);
  });

  test("nested deeper than the stack is refused, not a crash of the page", () => {
    expect(() => link(`x = ${"[".repeat(100_000)}`)).toThrow(InvalidProgram);
  });

  test("is linked or refused with a place within it, whatever it is", () => {
    const word = fc.constantFrom(
      '"@cohort/browser"',
      "import",
      "export",
      "default",
      "(",
      ")",
      "{",
      "}",
      "*",
      "from",
      "x",
      ",",
      "as",
      ";",
      "\n",
      "async",
      "=>",
      "`",
      "'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.array(word).map((words) => words.join(" ")),
        ),
        (source) => {
          try {
            link(source);
          } catch (error) {
            if (!(error instanceof InvalidProgram)) throw error;
            if (error.line === undefined) return;
            const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
            expect(error.line).toBeGreaterThanOrEqual(1);
            expect(error.line).toBeLessThanOrEqual(lines.length);
            expect(error.column).toBeGreaterThanOrEqual(1);
            expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] as string).length + 1);
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 20_000);
});
