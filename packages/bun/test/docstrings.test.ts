import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child, lacksBun } from "./child.ts";

/** By path: no package has the repository's tools. */
const tool = (name: string): Promise<unknown> => import(join(import.meta.dirname, "../../../tooling", name));
const { docstringExamples } = (await tool("docstring-examples.ts")) as {
  docstringExamples: (name: string) => Promise<readonly { readonly title: string; readonly code: string }[]>;
};
const { typeErrors } = (await tool("type-errors.ts")) as {
  typeErrors: (programs: Record<string, string>, reader: object) => Promise<string>;
};

const examples = await docstringExamples("bun");
const words = join(import.meta.dirname, "programs/docstring-words.ts");

/** All of them, each over a server of its own that the test asks something. */
const program = [
  `import { main, requestScope } from "@cohort/bun";`,
  `import { answer, askedIn, host, loadOrders, loadUser } from ${JSON.stringify(words)};`,
  ...examples.map(({ code }) => `console.log(await askedIn(async (Bun = host) => {\n${code}\n}));`),
].join("\n");

describe("the examples in the docstrings of @cohort/bun", () => {
  it("compile under strict", { timeout: 300_000 }, async () => {
    const reader = { package: "bun", lib: ["ES2022", "ESNext.Disposable"], types: ["bun"] };
    expect(await typeErrors({ "program.ts": program }, reader)).toBe("");
  });

  it.skipIf(lacksBun !== "")("run, and answer", async () => {
    await using child = new Child(["--conditions=@cohort/source", "-"], {
      cwd: join(import.meta.dirname, ".."),
      input: program,
    });
    const { code, stdout, stderr } = await child.ended;
    expect(examples.length).toBeGreaterThan(1);
    const answers = `{"user":"Ann","orders":[1,2]}\n`.repeat(examples.length);
    expect([code, stdout], stderr).toEqual([0, answers]);
  });
});
