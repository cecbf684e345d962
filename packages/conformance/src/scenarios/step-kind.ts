import type { Step } from "./program.ts";

/** What a step can do. No step has a field of such a name beside the one that says what it does. */
export const STEP_KINDS = [
  "log",
  "sleep",
  "throw",
  "return",
  "spawn",
  "group",
  "cancel",
  "cancelTask",
  "await",
  "state",
  "try",
  "shield",
  "failAfter",
  "moveOnAfter",
  "hold",
  "wait",
  "set",
  "put",
  "get",
] as const;

export type StepKind = (typeof STEP_KINDS)[number];

/** The steps of one kind. */
export type StepOf<K extends StepKind> = Extract<Step, Readonly<Record<K, unknown>>>;

/** What a step does; undefined if nobody knows. */
export function kindOf(step: object): StepKind | undefined {
  const kinds = STEP_KINDS.filter((kind) => kind in step);
  return kinds.length === 1 ? kinds[0] : undefined;
}
