import type { ErrorText, Outcome, Run } from "./scenario.ts";

/**
 * A run in a form that doesn't depend on what came first among things that happened at one moment: what different members
 * did at the same time is in the order of their names, and errors that came at the same time in the order of their texts.
 * What one of them did stays in its order.
 */
export function orderedByMoment({ trace, outcome }: Run): Run {
  const lines = trace.map(parseLine);
  const moments = new Map<string, number>();
  for (const { at, text } of lines) {
    const error = /^(?:failed|left with) (.*)$/.exec(text)?.[1];
    if (error !== undefined && !moments.has(error)) moments.set(error, at);
  }
  const ordered = lines.map((line) => ({ ...line, text: textInOrder(line.text, moments) }));
  // Array.prototype.sort is stable: what one of them did stays in its order.
  ordered.sort((a, b) => a.at - b.at || compare(a.who, b.who));
  return {
    trace: ordered.map(({ at, who, text }) => `${at} ${who}: ${text}`),
    outcome: outcomeInOrder(outcome, moments),
  };
}

interface Line {
  readonly at: number;
  readonly who: string;
  readonly text: string;
}

function parseLine(line: string): Line {
  const [, at = "0", who = "", text = ""] = /^(\d+) ([^:]*): (.*)$/s.exec(line) ?? [];
  return { at: Number(at), who, text };
}

function textInOrder(text: string, moments: ReadonlyMap<string, number>): string {
  const [, how, error] = /^(failed|left with) (\{.*)$/.exec(text) ?? [];
  if (error === undefined) return text;
  return `${how} ${JSON.stringify(errorInOrder(JSON.parse(error) as ErrorText, moments))}`;
}

function outcomeInOrder(outcome: Outcome, moments: ReadonlyMap<string, number>): Outcome {
  return "error" in outcome ? { error: errorInOrder(outcome.error, moments) } : outcome;
}

function errorInOrder(error: ErrorText, moments: ReadonlyMap<string, number>): ErrorText {
  if (typeof error === "string") return error;
  const members = error.group.map((member) => ({
    moment: moments.get(typeof member === "string" ? member : JSON.stringify(member)),
    error: errorInOrder(member, moments),
  }));
  // Only neighbours of one moment change places: the body's error is last, whenever it came.
  for (let begin = 0, end: number; begin < members.length; begin = end) {
    end = begin + 1;
    while (end < members.length && members[end]?.moment === members[begin]?.moment) end++;
    const tie = members.slice(begin, end);
    tie.sort((a, b) => compare(JSON.stringify(a.error), JSON.stringify(b.error)));
    members.splice(begin, tie.length, ...tie);
  }
  return { ...error, group: members.map((member) => member.error) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
