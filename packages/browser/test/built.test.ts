import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import * as source from "@cohort/browser";
import { noChromium, openChromium } from "./chromium.ts";
import { Site } from "./site.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Core, universal and browser as they are published: built, each file by itself. */
const files: Record<string, string> = {};

beforeAll(() => {
  const scratch = mkdtempSync(join(tmpdir(), "cohort-built-"));
  try {
    for (const name of ["core", "universal", "browser"]) {
      const tsup = join(import.meta.dirname, "../node_modules/tsup/dist/cli-default.js");
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        [tsup, "--no-dts", "--silent", "--out-dir", join(scratch, name)],
        { cwd: join(import.meta.dirname, "../..", name), encoding: "utf8" },
      );
      if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
      for (const file of readdirSync(join(scratch, name)).filter((each) => each.endsWith(".js")))
        files[`/${name}/${file}`] = readFileSync(join(scratch, name, file), "utf8");
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}, 180_000);

const IMPORTS = {
  "@cohort/core": "/core/index.js",
  "@cohort/core/surface": "/core/surface.js",
  "@cohort/universal": "/universal/index.js",
  "@cohort/browser": "/browser/index.js",
};

/** A page without any bundler: modules by name, through an import map. */
function pageOf(script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>page</title>
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
import * as cohort from "@cohort/browser";
globalThis.cohort = cohort;
${script}
</script>`;
}

const PROGRAM = `
const { pageScope, taskGroup, yieldToMain } = cohort;
const tasks = await taskGroup({ limit: 2, timeout: 60_000 }, (group) =>
  ["a", "b", "c"].map((name) => group.createTask(async ({ sleep }) => {
    await sleep(1);
    await yieldToMain(group);
    return name;
  })));
const last = await pageScope().createTask(() => "d");
const text = [...tasks.map((task) => task.result()), last].join("");
`;

// A worker has no import map: whoever writes without a bundler rewrites the names, once.
function forWorker(text: string): string {
  return Object.entries(IMPORTS).reduce((done, [name, path]) => done.replaceAll(`"${name}"`, `"${path}"`), text);
}

describe.skipIf(noChromium !== undefined)("RT-4 the built package", () => {
  const chromium = openChromium();

  it("RT-4 runs straight from a module script, with an import map and without a bundler", async () => {
    await using site = await Site.open({ ...files, "/plain": pageOf(`${PROGRAM} globalThis.text = text;`) });
    const page = await chromium.page(site, "/plain");
    await page.waitForFunction("globalThis.text !== undefined");
    expect(await page.evaluate("text")).toBe("abcd");
    expect(await page.evaluate("Object.keys(cohort).sort().join()")).toBe(Object.keys(source).sort().join());
  });

  it("RT-4 runs in a module worker: its page scope lives as long as the worker", async () => {
    const worker = `import * as cohort from "@cohort/browser";
${PROGRAM}
cohort.pageScope().createTask(({ signal }) => fetch("/hang", { signal }), { name: "poll" });
postMessage([text, typeof document, cohort.formatTaskTree()]);`;
    const inWorker = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, forWorker(text)]));
    await using site = await Site.open({ ...inWorker, "/worker.js": forWorker(worker), "/plain": pageOf("") });
    const page = await chromium.page(site, "/plain");
    const said = await page.evaluate(
      () =>
        new Promise<unknown>((resolve, reject) => {
          const started = new Worker("/worker.js", { type: "module" });
          Object.assign(globalThis, { started });
          started.onmessage = ({ data }) => resolve(data);
          started.onerror = ({ message }) => reject(new Error(message));
        }),
    );
    expect(said).toEqual(["abcd", "undefined", expect.stringMatching(/page[\s\S]*poll/)]);
    await site.hangs(1);
    await page.evaluate("started.terminate()");
    await site.hangs(0);
  });
});
