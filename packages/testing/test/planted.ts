import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as core from "@cohort/core";

const source = join(import.meta.dirname, "../../core/src");

/**
 * A copy of the core with one mistake in it: where the file says `right` it says `wrong`. So the mistake is in no product,
 * and the copy can't fall behind the original.
 */
export async function planted(file: string, right: string, wrong: string): Promise<typeof core & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), "cohort-planted-"));
  await cp(source, directory, { recursive: true });
  const text = await readFile(join(directory, file), "utf8");
  if (text.split(right).length !== 2) throw new Error(`${file} doesn't say this just once: ${right}`);
  await writeFile(join(directory, file), text.replace(right, wrong));
  const copy = (await import(join(directory, "index.ts"))) as typeof core;
  return { ...copy, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
