import type { Answer } from "../driver/protocol.ts";
import { runProgram } from "../scenarios/interpreter.ts";
import type { Program, Run } from "../scenarios/scenario.ts";
import type { ConformanceTarget } from "../target.ts";
import { thrownLine } from "../thrown-text.ts";
import { StuckError } from "../virtual-clock.ts";
import { orderedByMoment } from "../scenarios/same-moment.ts";

/** What an implementation makes of a program. `stuck` is a program that waits for ever; `error` is nothing that a program can mean. */
export type Behaviour = Run | { readonly stuck: true } | { readonly error: string } | { readonly skipped: string };

/** What runs programs somewhere else: a RemoteDriver, or anything like it. */
export interface ProgramDriver {
  run(program: Program): Promise<Answer>;
}

/** Runs a program on a JavaScript implementation. What it leaves behind is an `error`. */
export async function behaviourOf(target: ConformanceTarget, program: Program): Promise<Behaviour> {
  try {
    return await runProgram(target, program);
  } catch (error) {
    if (error instanceof StuckError) return { stuck: true };
    return { error: thrownLine(error) };
  }
}

/** Runs a program by a driver. */
export async function behaviourBy(driver: ProgramDriver, program: Program): Promise<Behaviour> {
  const answer: Answer = await driver.run(program);
  return "error" in answer && answer.error.startsWith("stuck") ? { stuck: true } : answer;
}

/** Whether two behaviours are the same but for what came first at one moment. */
export function isSameBehaviour(one: Behaviour, other: Behaviour): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

function comparable(behaviour: Behaviour): Behaviour {
  if (!("trace" in behaviour)) return behaviour;
  const { trace, outcome } = orderedByMoment(behaviour);
  return { trace, outcome: withSortedKeys(outcome) };
}

/** Keys may come in another order over the wire. */
function withSortedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withSortedKeys) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withSortedKeys(inner) as unknown])) as T;
}
