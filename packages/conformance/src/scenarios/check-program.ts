import type { Program } from "./program.ts";
import { ProgramError } from "./program-error.ts";
import { walkSteps } from "./walk-steps.ts";

/** Which names a step may use, by the key that it names one with. */
const USES = {
  cancel: "group",
  in: "group",
  cancelTask: "member",
  await: "member",
  state: "member",
  hold: "semaphore",
  wait: "event",
  set: "event",
  put: "queue",
  get: "queue",
} as const;

/** Throws a ProgramError for an unknown step, a name that is used twice, or one that nobody has. */
export function checkProgram(program: Program): void {
  const { semaphores = {}, events = [], queues = {} } = program;
  const names: Record<string, Set<string>> = {
    group: new Set(["main"]),
    member: new Set(),
    semaphore: new Set(Object.keys(semaphores)),
    event: new Set(events),
    queue: new Set(Object.keys(queues)),
  };
  const steps = [...walkSteps(program)];
  const who = new Set(["main"]);
  for (const { step, place, isFinal } of steps) {
    if ("return" in step && isFinal) throw new ProgramError(`${place}: a return can't stand in "finally"`);
    const name = "spawn" in step ? step.spawn : "group" in step ? step.group : undefined;
    if (name === undefined) continue;
    if (who.has(name)) throw new ProgramError(`${place}: the name "${name}" is taken`);
    who.add(name);
    names["spawn" in step ? "member" : "group"]?.add(name);
  }
  for (const { step, place } of steps) {
    for (const [key, what] of Object.entries(USES)) {
      const name = (step as Readonly<Record<string, unknown>>)[key];
      if (name !== undefined && !names[what]?.has(name as string))
        throw new ProgramError(`${place}: there is no ${what} ${JSON.stringify(name)}`);
    }
  }
}
