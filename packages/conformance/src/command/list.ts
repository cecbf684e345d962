import { everyCase } from "../every-case.ts";
import { selectCases } from "../select-cases.ts";
import { exitCodes } from "./exit-codes.ts";
import { usable } from "./usable.ts";

/** Prints the cases, a line each: id, level, title. */
export async function list(only: readonly string[]): Promise<number> {
  const cases = await usable(() => selectCases(everyCase, only));
  const width = Math.max(...cases.map(({ id }) => id.length));
  const lines = cases.map(({ id, level, title }) => `${id.padEnd(width)}  ${level.padEnd(6)}  ${title}\n`);
  process.stdout.write(lines.join(""));
  return exitCodes.clean;
}
