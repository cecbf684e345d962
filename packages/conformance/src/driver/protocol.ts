import type { Program } from "../scenarios/program.ts";
import type { Run } from "../scenarios/scenario.ts";

/** The version of the protocol: one JSON object a line, one answer for each command, in the order of the commands. */
export const PROTOCOL = 1;

/** What the runner says to a driver. */
export type Command = StartCommand | RunCommand | StopCommand;

export interface StartCommand {
  readonly cmd: "start";
  readonly protocol: number;
}

/** How a program is to be run. */
export interface RunOptions {
  /**
   * Whether a driver of something that departs from the specification makes up for it, where it can. True unless it is said;
   * false shows what bare asyncio does.
   */
  readonly emulate?: boolean;
}

export interface RunCommand extends RunOptions {
  readonly cmd: "run";
  /** Comes back in the answer. */
  readonly seq: number;
  readonly program: Program;
}

/** The driver ends with exit code 0. It says nothing. */
export interface StopCommand {
  readonly cmd: "stop";
}

/** The answer to `start`. */
export interface Started {
  readonly ok: true;
  readonly protocol: number;
  /** The implementation: `asyncio`. */
  readonly name: string;
  readonly version: string;
  /** What it runs in: `CPython 3.14.0`. */
  readonly runtime: string;
  /** What it lacks, by capability, and why. */
  readonly lacks: Readonly<Record<string, string>>;
}

/** The answer to what is no command, or to a `start` that asks for another protocol. */
export interface Refused {
  readonly ok: false;
  readonly error: string;
}

/** The answer to `run`, without its number. An `error` is the driver's own, and nobody's behaviour. */
export type Answer = Run | { readonly skipped: string } | { readonly error: string };
