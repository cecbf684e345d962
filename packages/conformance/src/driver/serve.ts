import type { Capability } from "../capability.ts";
import { type Lacks, lookFor } from "../look-for.ts";
import { runProgram } from "../scenarios/interpreter.ts";
import { needsOf, PROGRAM_CAPABILITIES } from "../scenarios/needs-of.ts";
import type { Program } from "../scenarios/program.ts";
import type { ConformanceTarget } from "../target.ts";
import { thisHost } from "../this-host.ts";
import { thrownLine } from "../thrown-text.ts";
import { StuckError } from "../virtual-clock.ts";
import { type Answer, type Command, PROTOCOL, type Refused, type Started } from "./protocol.ts";

/**
 * Answers the driver protocol for an implementation in JavaScript, until it is told to stop or nobody says anything more.
 *
 * @param input the lines of the commands, without their ends.
 * @param output is given one line a call, without its end.
 */
export async function serve(
  target: ConformanceTarget,
  input: AsyncIterable<string> | Iterable<string>,
  output: (line: string) => void,
): Promise<void> {
  // Before the first wait: a readline interface drops the lines that come while nobody iterates.
  const lines = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  const lacks = await lookFor(target);
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    if (next.value.trim() === "") continue;
    const answer = await answerTo(target, lacks, next.value);
    if (answer === undefined) break;
    output(JSON.stringify(answer));
  }
  await lines.return?.();
}

type Spoken = Started | Refused | (Answer & { readonly seq: unknown });

/** The answer to one line; undefined to `stop`, which has none. */
async function answerTo(target: ConformanceTarget, lacks: Lacks, line: string): Promise<Spoken | undefined> {
  let command: Partial<Command>;
  try {
    command = (JSON.parse(line) ?? {}) as Partial<Command>;
  } catch {
    return { ok: false, error: `this is no JSON: ${line.slice(0, 120)}` };
  }
  switch (command.cmd) {
    case "start":
      return command.protocol === PROTOCOL
        ? started(target, lacks)
        : { ok: false, error: `this driver speaks protocol ${PROTOCOL}, not ${String(command.protocol)}` };
    case "run":
      return { seq: command.seq, ...(await answerOf(target, lacks, command.program as Program)) };
    case "stop":
      return undefined;
    default:
      return { ok: false, error: `nobody knows the command ${JSON.stringify(command.cmd)}` };
  }
}

function started({ name, version }: ConformanceTarget, lacks: Lacks): Started {
  const host = thisHost();
  const missing = PROGRAM_CAPABILITIES.flatMap((capability): readonly (readonly [Capability, string])[] => {
    const why = lacks(capability);
    return why === undefined ? [] : [[capability, why]];
  });
  const runtime = `${host.name} ${host.version}`.trim();
  return { ok: true, protocol: PROTOCOL, name, version, runtime, lacks: Object.fromEntries(missing) };
}

async function answerOf(target: ConformanceTarget, lacks: Lacks, program: Program): Promise<Answer> {
  try {
    const missing = needsOf(program).flatMap((need) => lacks(need) ?? []);
    if (missing.length > 0) return { skipped: missing.join("; ") };
    return await runProgram(target, program);
  } catch (error) {
    if (error instanceof StuckError) return { error: `stuck: ${error.message}` };
    return { error: thrownLine(error) };
  }
}
