import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { capture } from "../setup/child.mjs";
import { here, root } from "./repository.ts";
import { runChecks, type Suite } from "./suite.ts";

/** Which package may build on which: that the two locks, lint and `turbo boundaries`, refuse a wrong arrow. */
export const arrows: Suite = {
  name: "arrows between packages",
  run: () =>
    runChecks([
      refusedByLint("core", "node:fs", "Core imports nothing"),
      refusedByLint("core", "@cohort/universal", "Core imports nothing"),
      refusedByLint("node", "@cohort/browser", "never on another adapter"),
      refusedByLint("workers", "@cohort/node", "never on another adapter"),
      refusedByLint("testing", "@cohort/node", "Testing builds on core alone"),
      refusedByLint("node", "@cohort/conformance/vitest", "for an adapter's tests"),
      refusedByLint("universal", "@cohort/conformance", "for an adapter's tests"),
      refusedByLint("conformance", "@cohort/core", "core's types alone"),
      refusedByLint("conformance", "@cohort/node", "imports no implementation"),
      refusedByBoundaries("core", "universal"),
      refusedByBoundaries("core", "testing"),
      refusedByBoundaries("universal", "node"),
      refusedByBoundaries("core", "conformance"),
      refusedByBoundaries("conformance", "node"),
      refusedByBoundaries("conformance", "universal"),
    ]),
};

function refusedByLint(importer: string, imported: string, reason: string) {
  return {
    name: `lint: ${importer} may not import ${imported}`,
    run: () =>
      withScratch(async (scratch) => {
        await cp(join(root, ".oxlintrc.json"), join(scratch, ".oxlintrc.json"));
        await write(join(scratch, "packages", importer, "src/index.ts"), `export * from "${imported}";\n`);
        const { output } = await capture("oxlint", [], { ...here, cwd: scratch });
        if (!output.includes(reason)) throw new Error(`not refused:\n${output}`);
      }),
  };
}

function refusedByBoundaries(importer: string, imported: string) {
  return {
    name: `turbo boundaries: ${importer} may not import @cohort/${imported}`,
    run: () =>
      withScratch(async (scratch) => {
        for (const file of ["package.json", "turbo.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"]) {
          await cp(join(root, file), join(scratch, file));
        }
        await symlink(join(root, "node_modules"), join(scratch, "node_modules"), "junction");
        for (const [name, dependencies] of [
          [importer, { [`@cohort/${imported}`]: "workspace:^" }],
          [imported, {}],
        ] as const) {
          const directory = join(scratch, "packages", name);
          await write(join(directory, "package.json"), JSON.stringify({ name: `@cohort/${name}`, dependencies }));
          await cp(join(root, "packages", name, "turbo.json"), join(directory, "turbo.json"));
          await write(
            join(directory, "src/index.ts"),
            Object.keys(dependencies)
              .map((it) => `export * from "${it}";\n`)
              .join(""),
          );
        }
        const { ok, output } = await capture("turbo", ["boundaries"], { ...here, cwd: scratch });
        if (ok || !output.includes(`@cohort/${imported}`)) throw new Error(`not refused:\n${output}`);
      }),
  };
}

async function withScratch(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "cohort-arrows-"));
  try {
    await body(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
