import type { Capability } from "./capability.ts";
import type { Trial } from "./trial.ts";

/** How strongly the specification asks for something (RFC 2119). */
export type Level = "MUST" | "SHOULD" | "MAY";

/** One thing that a clause asks for, and the program that shows whether an implementation does it. */
export interface Case {
  /** The clause and a name: `LC-1.body-value`. Frozen once it is published. */
  readonly id: string;
  /** The clause of the specification. */
  readonly clause: string;
  /** The revision of the clause's text that the case was written for. */
  readonly revision: number;
  readonly level: Level;
  /** A sentence whose subject is the implementation: "settles with the value of the body". */
  readonly title: string;
  /** What an implementation must have for the case to say anything. */
  readonly needs: readonly Capability[];
  /** Throws if the implementation doesn't do it. */
  run(trial: Trial): Promise<void>;
}

/** How a case is declared. */
export interface CaseOptions {
  readonly needs?: readonly Capability[];
  /** 1 where the clause has never changed. */
  readonly revision?: number;
  readonly level?: Level;
}

/** A case about what the host or a library does with the implementation; a function, because only JavaScript has it. */
export function caseOf(
  clause: string,
  name: string,
  title: string,
  options: CaseOptions,
  run: (trial: Trial) => Promise<void> | void,
): Case {
  const { needs = [], revision = 1, level = "MUST" } = options;
  return { id: `${clause}.${name}`, clause, revision, level, title, needs, run: async (trial) => run(trial) };
}
