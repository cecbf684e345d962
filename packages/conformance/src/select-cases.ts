import { RefusedError } from "./refused-error.ts";

/**
 * Does a pattern mean this id? `LC` is a section, `LC-3` a clause, `LC-3.spawn-after-body` a case; `*` stands for anything.
 * A pattern never ends in the middle of a number or a word: `LC-1` isn't `LC-14`.
 */
export function matchesId(pattern: string, id: string): boolean {
  if (!pattern.includes("*")) return id === pattern || id.startsWith(`${pattern}.`) || id.startsWith(`${pattern}-`);
  const parts = pattern.split("*").map((part) => part.replaceAll(/[^\w-]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(id);
}

/** Those whose ids at least one of the patterns means; all of them without patterns. A RefusedError for one that means none. */
export function selectCases<T extends { readonly id: string }>(
  all: readonly T[],
  only: readonly string[],
): readonly T[] {
  const idle = only.find((pattern) => !all.some(({ id }) => matchesId(pattern, id)));
  if (idle !== undefined) throw new RefusedError(`no case is called ${idle}`);
  return only.length === 0 ? all : all.filter(({ id }) => only.some((pattern) => matchesId(pattern, id)));
}
