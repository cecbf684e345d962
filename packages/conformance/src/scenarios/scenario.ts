import type { Capability } from "../capability.ts";
import type { Level } from "../case.ts";
import type { Json, Program } from "./program.ts";

export type { GroupOptions, Json, Program, Step } from "./program.ts";

/**
 * A program as data, that an implementation in any language can run under virtual time, with the trace and the outcome
 * that it must give. SCENARIOS.md describes the language.
 */
export interface Scenario extends Run {
  /** Like a case's: `FF-1.scenario-siblings-cancelled`. */
  readonly id: string;
  readonly clause: string;
  /** Of the clause's text; 1 where it has never changed. */
  readonly revision?: number;
  readonly level?: Level;
  readonly title: string;
  /** What it needs beyond what its program shows by itself. */
  readonly needs?: readonly Capability[];
  readonly program: Program;
  /**
   * What CPython does with the same program: `same` (the trace above is CPython's), `none` (it has nothing like it), or
   * where the clause departs on purpose, why, and what CPython gives.
   */
  readonly asyncio: "same" | "none" | Difference;
  /** The first CPython whose asyncio does so: `3.15`. 3.11, the first that has a TaskGroup, where it isn't said. */
  readonly asyncioSince?: string;
  /**
   * How lines of one moment compare. Only those of one function in their order, unless it is said, because most clauses leave
   * open who of several comes first; `strict`: in their order.
   */
  readonly order?: "strict";
}

/** What a program gives: all that can be seen of it. */
export interface Run {
  /** What must be seen, in order. */
  readonly trace: Trace;
  readonly outcome: Outcome;
}

export interface Difference extends Run {
  /** Why the clause departs from asyncio. */
  readonly differs: string;
}

/**
 * Lines of the form `10 a: starts`: the virtual ms, who, and what. `main` is the root group's body. Who runs a function says
 * `starts`, then at its end `done`, `failed Boom(x)` or `cancelled`; whoever opened a group says of it `left`, `left with
 * <error>` or `left cancelled` when it is over; a `log` step says its text.
 */
export type Trace = readonly string[];

/** What the whole program settles with. */
export type Outcome =
  | { readonly value: Json }
  /** `Boom(x)`, or a group's members; `cause` is what the deadline or the outside would have thrown. */
  | { readonly error: ErrorText }
  /** The reason of the outside cancellation, which came out unchanged. */
  | { readonly cancelled: string };

/**
 * `Boom(x)`; an error whose words are the implementation's own is its name alone: `TimeoutError`; a group lists what is in
 * it.
 */
export type ErrorText = string | { readonly group: readonly ErrorText[]; readonly cause?: ErrorText };
