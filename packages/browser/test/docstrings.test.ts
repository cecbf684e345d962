import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { pageOf, Site } from "./site.ts";

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

/** By path: no package has the repository's tools. */
const tool = (name: string): Promise<unknown> => import(new URL(`../../../tooling/${name}`, import.meta.url).href);
const { docstringExamples } = (await tool("docstring-examples.ts")) as {
  docstringExamples: (name: string) => Promise<readonly { readonly title: string; readonly code: string }[]>;
};
const { typeErrors } = (await tool("type-errors.ts")) as {
  typeErrors: (programs: Record<string, string>, reader: object) => Promise<string>;
};

const examples = await docstringExamples("browser");

/** What they speak of without saying what it is, then each as a function of its own. */
const program = `import { pageScope, yieldToMain } from "@cohort/browser";
const seen: string[] = [];
const pollMessages = async (_: { signal: AbortSignal }): Promise<void> => void seen.push("polled");
const loadUser = async (_: { signal: AbortSignal }): Promise<string> => (seen.push("loaded"), "Ann");
const chunks = [1, 2, 3];
const draw = (chunk: number): void => void seen.push(\`drew \${chunk}\`);
${examples.map(({ code }) => `await (async () => {\n${code}\n})();`).join("\n")}
Object.assign(globalThis, { seen });`;

describe("the examples in the docstrings of @cohort/browser", () => {
  const chromium = openChromium();

  it("compile under strict", { timeout: 300_000 }, async () => {
    const reader = { package: "browser", lib: ["ES2022", "ESNext.Disposable", "DOM"], types: [] };
    expect(await typeErrors({ "program.ts": program }, reader)).toBe("");
  });

  it.skipIf(noChromium !== undefined)("run in a page", async () => {
    const { outputFiles } = await build({
      stdin: { contents: program, loader: "ts" },
      bundle: true,
      write: false,
      format: "esm",
      external: ["@cohort/browser"],
    });
    const script = `<script type="module">${outputFiles[0]?.text ?? ""}</script>`;
    await using site = await Site.open({ "/program": pageOf() + script });
    const page = await chromium.page(site, "/program");
    await page.waitForFunction("globalThis.seen");
    expect(await page.evaluate("seen")).toEqual(["loaded", "polled", "drew 1", "drew 2", "drew 3"]);
    expect(examples).toHaveLength(2);
  });
});
