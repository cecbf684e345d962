import { BaseExceptionGroup, formatException } from "@cohort/browser";
import type { ErrorNode } from "./event.ts";
import { isInstance } from "./is-instance.ts";

/** Deeper than this an exception tree isn't shown. */
const DEEPEST = 50;

/** Which lane an error came out of, as far as that is known. */
type LaneOf = (error: unknown) => number | undefined;

/** Nor what is below more than so many errors: where members are each other's causes, each level doubles the tree. */
const MOST = 1000;

/** An error as plain data that can be sent: a group with its members and whose each was. Never throws. */
export function errorNode(
  error: unknown,
  laneOf: LaneOf,
  lane: number | undefined = laneOf(error),
  level = 0,
  left: { count: number } = { count: MOST },
): ErrorNode {
  const { name, text } = headline(error);
  const isDeep = level >= DEEPEST || left.count-- <= 0;
  const below = (each: unknown, from?: number): ErrorNode => errorNode(each, laneOf, from, level + 1, left);
  const cause = isDeep ? undefined : causeOf(error);
  return {
    name,
    text,
    lane,
    children: isDeep ? [] : membersOf(error).map((member) => below(member.error, member.lane)),
    ...(cause === undefined ? {} : { cause: below(cause.value) }),
  };
}

/** An error in a line. Never throws. */
export function errorLine(error: unknown): string {
  const { name, text } = headline(error);
  if (!isError(error)) return text;
  return text === "" ? name : `${name}: ${text}`;
}

/** The first line of what an error says, without its name. Never throws. */
export function messageLine(error: unknown): string {
  return headline(error).text;
}

function headline(error: unknown): { readonly name: string; readonly text: string } {
  try {
    if (!isError(error)) return { name: error === null ? "null" : typeof error, text: valueLine(error) };
    return { name: String(error.name), text: firstLine(String(error.message)) };
  } catch {
    return { name: "Error", text: UNPRINTABLE };
  }
}

interface Member {
  readonly error: unknown;
  readonly lane?: number | undefined;
}

function membersOf(error: unknown): readonly Member[] {
  try {
    if (error instanceof BaseExceptionGroup)
      return Array.from(error.failures, (failure) => ({ error: failure.error, lane: failure.task?.id }));
    // Not by its own `map`: what a program puts there may be no array.
    if (error instanceof AggregateError) return Array.from(error.errors, (member: unknown) => ({ error: member }));
  } catch {
    // A getter of the program's own that throws.
  }
  return [];
}

/** What an error names as its cause, if it does. Never throws. */
export function causeOf(error: unknown): { readonly value: unknown } | undefined {
  try {
    return isError(error) && error.cause !== undefined ? { value: error.cause } : undefined;
  } catch {
    return undefined;
  }
}

function isError(error: unknown): error is Error {
  return isInstance(error, Error) || (typeof DOMException === "function" && isInstance(error, DOMException));
}

const UNPRINTABLE = "something that can't be printed";

/** A line on a lane has no room for more characters. */
const LONGEST_LINE = 200;

/** A value in a line, as a console would show it. Never throws. */
export function valueLine(value: unknown): string {
  const line = firstLine(valueText(value));
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** A value as text. Never throws. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isError(value)) return formatException(value);
  try {
    return JSON.stringify(value, readable) ?? String(value);
  } catch {
    // It holds itself, or has a getter that throws.
    return kindOf(value);
  }
}

function kindOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return UNPRINTABLE;
  }
}

function readable(_key: string, value: unknown): unknown {
  if (isError(value)) return `${value.name}: ${value.message}`;
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return typeof value === "bigint" || typeof value === "symbol" || typeof value === "function" ? String(value) : value;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}
