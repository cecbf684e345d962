import * as fc from "fast-check";
import type { GroupOptions, Program, Step } from "../scenarios/scenario.ts";

/** How long something takes, compared with the rest of the program. `finishProgram` makes times of it, no two of them alike. */
const length = fc.integer({ min: 1, max: 20 });

/** `finishProgram` makes it the name of one of the groups around, or of the members created before. */
const somewhere = fc.nat(3).map(String);

const semaphore = fc.constantFrom("s", "t");

const options: fc.Arbitrary<GroupOptions> = fc
  .record(
    { timeout: length, limit: fc.integer({ min: 1, max: 2 }), memberCancel: fc.constant(true) },
    { requiredKeys: [] },
  )
  .map(({ timeout, limit, memberCancel }) => ({
    ...(timeout === undefined ? {} : { timeout }),
    ...(limit === undefined ? {} : { limit }),
    ...(memberCancel === undefined ? {} : { memberCancel }),
  }));

/** Most groups have no options. */
const fewOptions = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: options });

/** Nobody may ever answer, and a program that waits for ever tells little. */
function inTime(step: fc.Arbitrary<Step>): fc.Arbitrary<Step> {
  return fc.record({ moveOnAfter: length, body: fc.tuple(step) });
}

const leaf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ sleep: length }) },
  { weight: 3, arbitrary: fc.record({ throw: fc.constant("Boom") }) },
  { weight: 1, arbitrary: fc.record({ log: fc.constant("") }) },
  { weight: 1, arbitrary: fc.record({ cancel: somewhere }) },
  { weight: 1, arbitrary: fc.record({ return: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ await: somewhere }) },
  { weight: 1, arbitrary: fc.record({ cancelTask: somewhere }) },
  { weight: 1, arbitrary: inTime(fc.record({ wait: fc.constant("e") })) },
  { weight: 1, arbitrary: fc.record({ set: fc.constant("e") }) },
);

const { steps } = fc.letrec<{ steps: Step[]; inner: Step[]; step: Step; tried: Step }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 5 }),
  inner: fc.array(tie("step"), { minLength: 1, maxLength: 3 }),
  tried: fc.oneof(
    fc.record({ try: tie("inner"), finally: tie("inner") }),
    fc.record({ try: tie("inner"), catch: fc.constantFrom("failure", "cancellation", "any"), do: tie("inner") }),
    fc.record({ try: tie("inner"), catch: fc.constantFrom("cancellation", "any") }),
  ),
  step: fc.oneof(
    { maxDepth: 5, depthIdentifier: "steps", withCrossShrink: true },
    { weight: 12, arbitrary: leaf },
    { weight: 6, arbitrary: fc.record({ spawn: fc.constant(""), body: tie("inner") }) },
    { weight: 2, arbitrary: fc.record({ spawn: fc.constant(""), body: tie("inner"), in: somewhere }) },
    { weight: 4, arbitrary: fc.record({ group: fc.constant(""), options: fewOptions, body: tie("inner") }) },
    { weight: 5, arbitrary: tie("tried") },
    { weight: 2, arbitrary: fc.record({ shield: tie("inner") }) },
    { weight: 1, arbitrary: fc.record({ shield: tie("inner"), timeout: length }) },
    { weight: 2, arbitrary: fc.record({ failAfter: length, body: tie("inner") }) },
    { weight: 1, arbitrary: fc.record({ moveOnAfter: length, body: tie("inner") }) },
    { weight: 3, arbitrary: fc.record({ hold: semaphore, body: tie("inner") }) },
  ),
}));

/** Outlines of programs of every kind of step that CPython has a counterpart for; `finishProgram` makes programs of them. */
export const randomOutline: fc.Arbitrary<Program> = fc
  .record({ options: fewOptions, abort: fc.option(length, { nil: undefined }), body: steps })
  .map(({ options: given, abort, body }) => ({
    options: given,
    semaphores: { s: 1, t: 2 },
    events: ["e"],
    ...(abort === undefined ? {} : { abort: { at: abort, reason: "stop" } }),
    body,
  }));
