import type { Capability } from "../capability.ts";
import type { GroupOptions, Program, Step } from "./program.ts";
import { kindOf, type StepKind } from "./step-kind.ts";
import { walkSteps } from "./walk-steps.ts";

/** What a step needs of an implementation. What isn't here can be derived from a group's signal. */
const NEEDS: Partial<Record<StepKind, Capability>> = {
  cancel: "group.cancel",
  cancelTask: "task.cancel",
  state: "task.state",
  failAfter: "failAfter",
  moveOnAfter: "moveOnAfter",
};

const LANGUAGE_ERRORS = ["KeyboardInterrupt", "SystemExit"] as const;

/** All that a program can need: what a driver says it lacks is among these. */
export const PROGRAM_CAPABILITIES: readonly Capability[] = [
  ...Object.values(NEEDS),
  "scope.shield",
  ...LANGUAGE_ERRORS,
  "Semaphore",
  "AsyncEvent",
  "AsyncQueue",
  "option.signal",
  "option.timeout",
  "option.limit",
  "option.failFast",
  "option.memberCancel",
  "task option.eager",
  "task option.background",
];

/** What an implementation must have to run the program at all, in the order of `PROGRAM_CAPABILITIES`. */
export function needsOf(program: Program): readonly Capability[] {
  const needs = new Set<Capability>();
  const { semaphores = {}, events = [], queues = {} } = program;
  if (Object.keys(semaphores).length > 0) needs.add("Semaphore");
  if (events.length > 0) needs.add("AsyncEvent");
  if (Object.keys(queues).length > 0) needs.add("AsyncQueue");
  if (program.abort !== undefined) needs.add("option.signal");
  addOptions(needs, program.options);
  for (const { step } of walkSteps(program)) addStep(needs, step);
  return PROGRAM_CAPABILITIES.filter((capability) => needs.has(capability));
}

function addStep(needs: Set<Capability>, step: Step): void {
  const need = NEEDS[kindOf(step) as StepKind];
  if (need !== undefined) needs.add(need);
  // Without a bound it is a body under a signal that nobody aborts.
  if ("shield" in step && step.timeout !== undefined) needs.add("scope.shield");
  if ("group" in step) addOptions(needs, step.options);
  if ("throw" in step) for (const name of LANGUAGE_ERRORS) if (step.throw.startsWith(`${name}(`)) needs.add(name);
  if (!("spawn" in step)) return;
  if (step.eager !== undefined) needs.add("task option.eager");
  if (step.background !== undefined) needs.add("task option.background");
}

function addOptions(needs: Set<Capability>, options: GroupOptions = {}): void {
  for (const name of Object.keys(options) as (keyof GroupOptions)[]) needs.add(`option.${name}`);
}
