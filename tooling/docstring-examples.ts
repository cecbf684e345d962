import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** A program in a docstring; its title says where. */
export interface Example {
  readonly title: string;
  readonly code: string;
}

/** Every docstring's example in the sources of a package. */
export async function docstringExamples(name: string, exclude: readonly string[] = []): Promise<readonly Example[]> {
  const files = globSync(`packages/${name}/src/**/*.ts`, { cwd: root, exclude: [...exclude] }).sort();
  return (await Promise.all(files.map(examplesIn))).flat();
}

async function examplesIn(file: string): Promise<readonly Example[]> {
  const source = await readFile(join(root, file), "utf8");
  const found = source.matchAll(/@example\n\s*\* ```ts\n(.*?)\n\s*\* ```/gs);
  return Array.from(found, ([, lines = ""], index) => ({
    title: `${file} (${index + 1})`,
    code: lines.replaceAll(/^\s*\* ?/gm, ""),
  }));
}
