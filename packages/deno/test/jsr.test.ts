import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child, lacksDeno } from "./child.ts";

const room = join(import.meta.dirname, "..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly "@cohort/source": string } | string>>;
  readonly imports: Readonly<Record<string, string>>;
}

const read = async (file: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(room, file), "utf8")) as Manifest;

describe("the package for JSR", () => {
  it("has the name, the version and the entries of the one for npm", async () => {
    const [jsr, npm] = [await read("deno.json"), await read("package.json")];
    const entries = Object.entries(npm.exports).flatMap(([entry, target]) =>
      typeof target === "string" ? [] : [[entry, target["@cohort/source"]]],
    );
    expect([jsr.name, jsr.version, jsr.exports]).toEqual([npm.name, npm.version, Object.fromEntries(entries)]);
  });

  it("takes its dependencies from npm, at the versions that are here", async () => {
    const [jsr, npm] = [await read("deno.json"), await read("package.json")];
    const expected: [string, string][] = [];
    for (const name of Object.keys(npm.dependencies)) {
      const { version } = await read(join("..", name.replace("@cohort/", ""), "package.json"));
      expected.push([name, `npm:${name}@^${version}`], [`${name}/`, `npm:/${name}@^${version}/`]);
    }
    expect(jsr.imports).toEqual(Object.fromEntries(expected));
  });

  it.skipIf(lacksDeno !== "")("would be published: a dry run finds nothing to mend", async () => {
    // Types are checked by tsc: here Deno would have to follow the links of this workspace to declarations that it can't read.
    await using child = new Child(["publish", "--dry-run", "--allow-dirty", "--no-check"], { cwd: room });
    const { code, stderr } = await child.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining("Dry run complete")]);
    expect(stderr).toContain("/src/index.ts");
    expect(stderr).not.toContain("/test/");
  });
});
