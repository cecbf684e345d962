import type { Program, Step } from "./program.ts";
import { ProgramError } from "./program-error.ts";
import { kindOf } from "./step-kind.ts";

/** A step, and where it stands: `main[2].body[0]`. */
export interface Placed {
  readonly step: Step;
  readonly place: string;
  /** Inside a `finally` of the function that it belongs to. */
  readonly isFinal: boolean;
}

/** All steps of a program, from outside in, in the order of the text. Throws a ProgramError at one that is none. */
export function* walkSteps({ body }: Program): Generator<Placed, void, undefined> {
  yield* within(body, "main", false);
}

const NESTED = ["body", "try", "do", "finally", "shield"] as const;

function* within(steps: readonly Step[], place: string, isFinal: boolean): Generator<Placed, void, undefined> {
  if (!Array.isArray(steps)) throw new ProgramError(`${place} should be a list of steps, but is ${text(steps)}`);
  for (const [index, step] of steps.entries()) {
    const here = `${place}[${index}]`;
    if (typeof step !== "object" || step === null || kindOf(step) === undefined)
      throw new ProgramError(`${here} is no step of the language: ${text(step)}`);
    yield { step, place: here, isFinal };
    const isFunction = "spawn" in step || "group" in step;
    for (const key of NESTED) {
      const nested = (step as Partial<Record<string, readonly Step[]>>)[key];
      if (nested !== undefined) yield* within(nested, `${here}.${key}`, !isFunction && (isFinal || key === "finally"));
    }
  }
}

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 120 ? `${json.slice(0, 120)}…` : json;
}
