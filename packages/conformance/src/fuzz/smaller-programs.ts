import type { Program, Step } from "../scenarios/scenario.ts";

/** The keys of a step under which it has steps of its own. */
const BODIES = ["body", "try", "do", "finally", "shield"] as const;

/**
 * Takes away from an outline whatever it can do without: whole steps, and what stands around steps. fast-check, which
 * doesn't know that a `shield` and its steps are alike, leaves what stands around them.
 *
 * @param shows says whether an outline still shows what is to be seen.
 */
export async function smallest(outline: Program, shows: (smaller: Program) => Promise<boolean>): Promise<Program> {
  for (const smaller of smallerPrograms(outline)) if (await shows(smaller)) return await smallest(smaller, shows);
  return outline;
}

function* smallerPrograms(program: Program): Generator<Program> {
  const { options, abort, ...rest } = program;
  if (abort !== undefined) yield { ...rest, ...(options === undefined ? {} : { options }) };
  if (options !== undefined && Object.keys(options).length > 0) yield { ...program, options: {} };
  for (const body of smallerBodies(program.body)) yield { ...program, body };
}

function* smallerBodies(steps: readonly Step[]): Generator<readonly Step[]> {
  for (const [at, step] of steps.entries()) {
    const replaced = (by: readonly Step[]): readonly Step[] => [...steps.slice(0, at), ...by, ...steps.slice(at + 1)];
    yield replaced([]);
    const fields = step as Readonly<Record<string, unknown>>;
    for (const key of BODIES) {
      const body = fields[key] as readonly Step[] | undefined;
      if (body === undefined) continue;
      yield replaced(body);
      for (const smaller of smallerBodies(body)) yield replaced([{ ...step, [key]: smaller }]);
    }
    if (fields["options"] !== undefined && Object.keys(fields["options"] as object).length > 0)
      yield replaced([{ ...step, options: {} } as Step]);
  }
}
