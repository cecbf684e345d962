import { hide } from "./brand.ts";
import { asGroup, BaseExceptionGroup, type ExceptionGroup } from "./exception-group.ts";
import { divide, walk } from "./group-tree.ts";
import { type Match, type Matched, toPredicate } from "./match.ts";
import { openSuppressed } from "./suppressed-error.ts";

/** What a clause does with the errors that its match picked. It may be async. */
export type Handler<M = unknown> = (group: ExceptionGroup<Matched<M>>) => unknown;

type Clause = readonly [match: Match, handler: Handler];

/**
 * Python's `except*`: hands each error in a group to the first clause that matches it, all that fall to one clause
 * together, and rejects with what is left (ES-1). Clauses run one after the other, in order; several may run.
 *
 * - An error that isn't a group reaches its handler in a group with an empty message, and comes out as it was if nothing
 *   matches.
 * - What a handler throws doesn't stop the others. In the end new errors and the unhandled rest are grouped, in a group
 *   with an empty message; a single new error with no rest comes out by itself.
 * - A handler that throws the very group it was given didn't handle it: its errors go back to the rest, which keeps the
 *   shape and the order of the original.
 * - Matches are tested on errors, never on the groups that hold them (so `(error) => !(error instanceof HttpError)` means
 *   what it says), which is why no clause may name a class of groups.
 * - A `SuppressedError` is looked into: its errors count as a group, the block's own first (LC-5). If nothing in it is
 *   handled it comes out untouched.
 *
 * Rejects with a `TypeError`, caused by the error, if a clause isn't a match and a function, or names a class of groups. A
 * predicate that throws handles nothing: what it threw is grouped with the error.
 *
 * @example
 * ```ts
 * try {
 *   await taskGroup(crawl);
 * } catch (error) {
 *   await exceptStar(
 *     error,
 *     [HttpError, (group) => { for (const { error, task } of group.leaves()) log(task?.name, error.status); }],
 *     [[RangeError, TypeError], (group) => report(group)],
 *   );
 * }
 * ```
 */
export async function exceptStar<const M extends readonly unknown[]>(
  error: unknown,
  // `M[K] & Match`, not `M extends readonly Match[]`: with that, one untyped predicate loses the types of all the clauses.
  ...clauses: { [K in keyof M]: readonly [match: M[K] & Match, handler: Handler<M[K]>] }
): Promise<void> {
  const cases = clauses as readonly Clause[];
  const tests = cases.map((clause) => toTest(clause, error));
  const opened = openSuppressed(error);
  // Groups only, whose leaves are known by position: two throws of one primitive can't be told apart by identity.
  const tree = opened ? divide(opened, () => false, openSuppressed)[1] : new BaseExceptionGroup("", [error]);
  let owners: readonly number[] = [];
  const part = (isWanted: (owner: number) => boolean): unknown => {
    let position = 0;
    return divide(tree, (at) => !asGroup(at) && isWanted(owners[position++] as number), asGroup)[0];
  };
  let parts: readonly unknown[];
  try {
    owners = Array.from(walk(tree, asGroup), (leaf) => tests.findIndex((test) => test(leaf.error)));
    parts = cases.map((_, index) => part((owner) => owner === index));
  } catch (thrown) {
    throw new BaseExceptionGroup("", [thrown, error]);
  }

  const raised: unknown[] = [];
  const unhandled = new Set([NOBODY]);
  for (const [index, group] of parts.entries()) {
    if (!group) continue;
    try {
      await cases[index]?.[1](group as ExceptionGroup);
    } catch (thrown) {
      if (thrown === group) unhandled.add(index);
      else raised.push(thrown);
    }
  }

  if (owners.some((owner) => unhandled.has(owner))) {
    const rest = part((owner) => unhandled.has(owner));
    // Untouched, it is what was caught; save for a bare error that a handler threw on in its wrapping, as in Python.
    raised.push(rest === tree && (opened || owners[0] === NOBODY) ? error : rest);
  }
  if (raised.length) throw raised.length === 1 ? raised[0] : new BaseExceptionGroup("", raised);
}

/** The owner of a leaf that no clause matches: what `findIndex` says. */
const NOBODY = -1;

function toTest([match, handler]: Clause, cause: unknown): (error: unknown) => boolean {
  try {
    if (typeof handler !== "function") throw new TypeError("a clause needs a handler");
    if ([match].flat().some(isGroupClass)) throw new TypeError("a clause can't name a group class");
    return toPredicate(match);
  } catch (error) {
    // The error that was about to be handled must not be lost.
    hide(error as object, "cause", cause);
    throw error;
  }
}

function isGroupClass(match: unknown): boolean {
  const prototype: unknown = typeof match === "function" ? match.prototype : undefined;
  return (typeof prototype === "object" ? Object.create(prototype) : prototype) instanceof BaseExceptionGroup;
}
