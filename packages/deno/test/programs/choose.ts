import { host } from "./host.ts";

/** Runs the case that the command line names, with the words after it. */
export function choose<R>(cases: Readonly<Record<string, (...words: string[]) => R>>): R {
  const [name = "", ...words] = host.args;
  const chosen = cases[name];
  if (chosen === undefined) throw new Error(`no case is named "${name}"`);
  return chosen(...words);
}
