import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@cohort/conformance";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { Site } from "./site.ts";

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

/** This package with one thing wrong, as somebody might have designed it, and the case that must notice. */
interface WrongAdapter {
  /** What is wrong, as its users would say it. */
  readonly name: string;
  readonly file: string;
  /** A text that occurs there exactly once, and what stands there instead. */
  readonly find: string;
  readonly replace: string;
  readonly killedBy: string;
}

const wrongs: readonly WrongAdapter[] = [
  {
    name: "lets the work of a page go on when the page goes",
    file: "page-scope.ts",
    find: "if (!persisted) controller.abort(gone);",
    replace: "void persisted;",
    killedBy: "RT-4.pagehide",
  },
  {
    name: "cancels a page that goes to the back/forward cache",
    file: "page-scope.ts",
    find: "if (!persisted) controller",
    replace: "controller",
    killedBy: "RT-4.back-forward-cache",
  },
  {
    name: "doesn't say why the page's work was cancelled",
    file: "page-scope.ts",
    find: "controller.abort(gone)",
    replace: "controller.abort()",
    killedBy: "RT-4.pagehide-reason",
  },
  {
    name: "gives a dead scope to a page that lives on",
    file: "page-scope.ts",
    find: "    page = undefined;\n",
    replace: "",
    killedBy: "RT-4.page-lives-on",
  },
  {
    name: "listens for unload, which keeps the page out of the back/forward cache",
    file: "page-scope.ts",
    find: '  if ("onpagehide" in globalThis)',
    replace: '  globalThis.addEventListener("unload", () => {});\n  if ("onpagehide" in globalThis)',
    killedBy: "RT-4.page-listeners",
  },
  {
    name: "yields by a message where the browser has scheduler.yield()",
    file: "yield-to-main.ts",
    find: "if (scheduler?.yield !== undefined)",
    replace: "if (false)",
    killedBy: "RT-4.yields",
  },
  {
    name: "yields to microtasks alone where there is no scheduler",
    file: "yield-to-main.ts",
    find: "return { came, drop: () => port1.close() };",
    replace: "port1.close(); return { came: Promise.resolve(), drop() {} };",
    killedBy: "RT-4.yields-anywhere",
  },
  {
    name: "yields whatever becomes of the scope",
    file: "yield-to-main.ts",
    find: "await (scope === null ? turn.came : abortable(turn.came, scope));",
    replace: "await Promise.race([turn.came, new Promise((go) => setTimeout(go, 50))]);",
    killedBy: "RT-4.yield-cancelled",
  },
];

const source = join(import.meta.dirname, "../src");

/** The suite and the adapter, right or with one thing wrong, as a module that gives the report of a case. */
async function suiteOn(wrong?: WrongAdapter): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { runConformance } from "@cohort/conformance";
import target from "./conformance-target.ts";
globalThis.runCase = (id) => runConformance(target, { only: [id] });`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@cohort/source", "browser"],
    plugins: [
      {
        name: "wrong",
        setup(bundler) {
          if (wrong === undefined) return;
          bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            if (path !== join(source, wrong.file)) return undefined;
            // The adapter has moved on if it isn't there any more: the wrong one has to follow.
            const parts = readFileSync(path, "utf8").split(wrong.find);
            if (parts.length !== 2) throw new Error(`its text occurs ${parts.length - 1} times in ${wrong.file}`);
            return { contents: parts.join(wrong.replace), loader: "ts" };
          });
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
}

describe.skipIf(noChromium !== undefined)("the suite kills wrong adapters for browsers", () => {
  const chromium = openChromium();

  async function statusOf(id: string, code: string): Promise<string | undefined> {
    await using site = await Site.open({ "/suite.js": code });
    const page = await chromium.page(site);
    await page.addScriptTag({ type: "module", url: "/suite.js" });
    const report = await page.evaluate<Report>(`runCase(${JSON.stringify(id)})`);
    return report.cases[0]?.status;
  }

  it.each(wrongs.map((wrong) => [wrong.killedBy, wrong.name, wrong] as const))(
    "%s: one that %s",
    async (id, _, wrong) => {
      expect(await statusOf(id, await suiteOn())).toBe("pass");
      expect(await statusOf(id, await suiteOn(wrong))).toBe("fail");
    },
  );
});
