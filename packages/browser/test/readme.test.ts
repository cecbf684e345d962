import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import * as browser from "@cohort/browser";
import { noChromium, openChromium } from "./chromium.ts";
import { pageOf, Site } from "./site.ts";

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

const text = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

/** The page of a program, with its types taken away as a bundler does. */
async function pageWith(program: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    external: ["@cohort/browser"],
  });
  const logging = `console.log = (line) => void (globalThis.said ??= []).push(line);\n`;
  return pageOf()
    .replace("</script>\n", `</script>\n<script type="module">${logging}</script>\n`)
    .concat(`\n<script type="module">${outputFiles[0]?.text ?? ""}\nglobalThis.isOver = true;</script>`);
}

/** By path: no package has the repository's tools. */
const { typeErrors } = (await import(new URL("../../../tooling/type-errors.ts", import.meta.url).href)) as {
  typeErrors: (programs: Record<string, string>, reader: object) => Promise<string>;
};

describe("the README", () => {
  const chromium = openChromium();

  it.skipIf(noChromium !== undefined)(
    "has a program that runs in a page, and prints what its comment says",
    async () => {
      const [[, program = ""] = [], ...more] = text.matchAll(/^```ts\n(.*?)^```$/gms);
      expect(more).toEqual([]);
      const said = Array.from(program.matchAll(/^\/\/ (.*)$/gm), ([, line]) => line);
      expect(said.length).toBeGreaterThan(0);
      const files = { "/program": await pageWith(program), "/api/user": "{}", "/api/news": "[]" };
      await using site = await Site.open(files);
      const page = await chromium.page(site, "/program");
      await page.waitForFunction("globalThis.isOver");
      expect(await page.evaluate("said")).toEqual(said);
    },
  );

  it("has a program that compiles under strict, with the lib that it names", { timeout: 300_000 }, async () => {
    const [, program = ""] = /^```ts\n(.*?)^```$/ms.exec(text) ?? [];
    const [, ...lib] = /add `(\w+)` and `([\w.]+)` to `lib`/.exec(text) ?? [];
    expect(lib).toHaveLength(2);
    const reader = { package: "browser", lib: ["ES2022", ...lib], types: [] };
    expect(await typeErrors({ "program.ts": program }, reader)).toBe("");
  });

  it("names everything that the package exports", () => {
    const unnamed = Object.keys(browser).filter((name) => !text.includes(`\`${name}`));
    // The error classes stand in core's README; the runtime and its adapter are for tools.
    const elsewhere =
      /^(adapter|runtime|BaseException.*|DisconnectedError|InvalidStateError|KeyboardInterrupt|SystemExit)$/;
    expect(unnamed.filter((name) => !elsewhere.test(name))).toEqual([]);
  });
});
