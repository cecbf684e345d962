import { hide } from "./brand.ts";
import type { BaseExceptionGroup } from "./exception-group.ts";
import { bareFailure, type Failure, keepFailures, type Leaf } from "./failure.ts";

// Groups nest as deep as the program makes them and the engine's stack doesn't: the walks below keep theirs in an array.

/** The group to look into for the sake of an error; `undefined` makes it a leaf. */
export type Open = (error: unknown) => BaseExceptionGroup | undefined;

/** The leaves of an error, in order: itself if it can't be opened. */
export function* walk(root: unknown, open: Open): Generator<Leaf, void, undefined> {
  const todo = [bareFailure(root)];
  for (let at = todo.pop(); at; at = todo.pop()) {
    const members = open(at.error)?.failures;
    if (!members) {
      yield { ...at, path: at.task?.path ?? [] };
      continue;
    }
    for (const member of [...members].reverse()) {
      todo.push(member.task ? member : { ...at, error: member.error });
    }
  }
}

/** A group on the way down, with what has been found of it so far. The outermost one holds nothing but the root. */
interface Level {
  readonly outer?: Level;
  readonly entry: Failure;
  readonly members: readonly Failure[];
  readonly parts: readonly [matched: Failure[], rest: Failure[]];
  next: number;
}

/**
 * Divides an error by a predicate, which is called in order, on a group before its members. A group that falls whole to
 * one side is the same object there; a side without members is `undefined`.
 */
export function divide(
  root: unknown,
  matches: (error: unknown) => boolean,
  open: Open,
): [matched: unknown, rest: unknown] {
  const entry = bareFailure(root);
  let level: Level = { entry, members: [entry], parts: [[], []], next: 0 };
  for (;;) {
    const { outer, parts, members } = level;
    const member = members[level.next++];
    if (member) {
      const side = matches(member.error) ? 0 : 1;
      const group = side ? open(member.error) : undefined;
      if (group) {
        const inner = { ...member, error: group };
        level = { outer: level, entry: inner, members: group.failures, parts: [[], []], next: 0 };
      } else {
        parts[side].push(member);
      }
    } else if (outer) {
      for (const side of [0, 1] as const) {
        if (parts[side].length) outer.parts[side].push(rebuild(level.entry, parts[side], open));
      }
      level = outer;
    } else {
      return [parts[0][0]?.error, parts[1][0]?.error];
    }
  }
}

/** Makes the part of a group that has these members. */
function rebuild(entry: Failure, members: readonly Failure[], open: Open): Failure {
  const group = entry.error as BaseExceptionGroup;
  const errors = members.map(({ error }) => error);
  const isWhole =
    errors.length === group.errors.length && errors.every((error, i) => Object.is(error, group.errors[i]));
  if (isWhole) return entry;
  const part = group.derive(errors);
  if (!open(part)) throw new TypeError("derive() must return a group");
  // A derive() that drops or adds members knows better than we do whose they are.
  if (part.errors.length === errors.length) {
    keepFailures(
      part,
      part.errors.map((error, i) => ({ ...(members[i] as Failure), error })),
    );
  }
  // As in Python: a part has the cause and the stack of its group, where that was thrown says more than where it was split.
  if ("cause" in group) hide(part, "cause", group.cause);
  hide(part, "stack", group.stack);
  return { ...entry, error: part };
}
