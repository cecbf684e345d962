import { attempt, frames, headline, isErrorLike, property } from "./error-text.ts";
import { asGroup } from "./exception-group.ts";
import type { Failure } from "./failure.ts";
import { isSuppressedError, suppressedErrors } from "./suppressed-error.ts";
import type { TaskInfo } from "./task-info.ts";

export interface FormatExceptionOptions {
  /** Use ANSI colours. Default: no, wherever the text goes. */
  readonly colour?: boolean | undefined;
}

/** An error that is still to be written. */
interface Job {
  readonly error: unknown;
  /** What stands before the first line, and before each of the others. */
  readonly lead: string;
  readonly margin: string;
  readonly level: number;
}

/** A member of something, and what is known of where it came from. */
interface Member {
  readonly error: unknown;
  readonly origin: string;
}

const RED = 31;
const CYAN = 36;
const DIM = 2;

/** Groups below this level share its margin and are told by number, or the text would grow with the square of the depth. */
const DEEPEST = 12;

/**
 * Writes down an error for a human: the tree of a group with the name and the path of each task, every `cause`, and the
 * frames of each stack (EG-3). Members of an `AggregateError` that isn't a group, and of a `SuppressedError` in the order in which
 * they were thrown (LC-5), are listed as well. An error object that comes up again is named but not repeated, so cycles
 * end. Never throws, whatever was thrown. Python: `traceback.format_exception()`.
 *
 * @example
 * ```ts
 * try {
 *   await taskGroup({ name: "crawl" }, crawl);
 * } catch (error) {
 *   log(formatException(error));
 * }
 * // ExceptionGroup: unhandled errors in TaskGroup "crawl" (2 sub-exceptions)
 * //     at crawl (crawl.js:10:3)
 * // ├─ 1 of 2: task page-7 #8 (crawl > page-7), also page-9 #10
 * // │  HttpError [Error]: 503 Service Unavailable
 * // │      at download (download.js:5:9)
 * // │  caused by Error: socket hang up
 * // └─ 2 of 2: "boom" (not an Error)
 * ```
 */
export function formatException(error: unknown, options: FormatExceptionOptions = {}): string {
  const paint = (code: number, text: string): string => (options.colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  const lines: string[] = [];
  const written = new Set<unknown>();
  const todo: Job[] = [{ error, lead: "", margin: "", level: 0 }];
  for (let job = todo.pop(); job; job = todo.pop()) {
    const { lead, margin, level } = job;
    const [first = "", ...more] = headline(job.error).split("\n");
    const isRepeated = written.has(job.error);
    lines.push(`${lead}${paint(RED, first)}${isRepeated ? " (shown above)" : ""}`);
    if (isRepeated) continue;
    if (Object(job.error) === job.error) written.add(job.error);
    for (const line of more) lines.push(`${margin}${paint(RED, line)}`);
    for (const frame of frames(job.error)) lines.push(`${margin}    ${paint(DIM, frame)}`);

    const cause = isErrorLike(job.error) ? property(job.error, "cause") : undefined;
    if (cause !== undefined) {
      todo.push({ error: cause, lead: `${margin}${paint(DIM, "caused by")} `, margin, level });
    }

    const members = membersOf(job.error);
    const isDeep = level >= DEEPEST;
    for (const [i, member] of [...members.entries()].reverse()) {
      const isLast = i === members.length - 1;
      const inner = isDeep ? margin : `${margin}${isLast ? "   " : "│  "}`;
      const place = `${i + 1} of ${members.length}${isDeep ? ` (level ${level + 1})` : ""}: `;
      const branch = `${margin}${isLast ? "└─" : "├─"} ${place}`;
      const origin = member.origin && `${paint(CYAN, member.origin)}\n${inner}`;
      const lead = `${branch}${origin}`;
      todo.push({ error: member.error, lead, margin: inner, level: level + 1 });
    }
  }
  return lines.join("\n");
}

function membersOf(error: unknown): readonly Member[] {
  return attempt(() => groupMembers(error) ?? suppressedMembers(error) ?? aggregateMembers(error)) ?? [];
}

function groupMembers(error: unknown): readonly Member[] | undefined {
  return asGroup(error)?.failures.map((failure) => ({
    error: failure.error,
    origin: originOf(failure),
  }));
}

function suppressedMembers(error: unknown): readonly Member[] | undefined {
  if (!isSuppressedError(error)) return undefined;
  const origin = (i: number): string => (i ? "thrown next, by a disposal" : "thrown first");
  return suppressedErrors(error).map((thrown, i) => ({ error: thrown, origin: origin(i) }));
}

function aggregateMembers(error: unknown): readonly Member[] | undefined {
  const isAggregate =
    error instanceof AggregateError || (isErrorLike(error) && property(error, "name") === "AggregateError");
  const errors = isAggregate ? property(error, "errors") : undefined;
  return Array.isArray(errors) ? errors.map((member: unknown) => ({ error: member, origin: "" })) : undefined;
}

function originOf({ task, also }: Failure): string {
  if (!task) return "";
  const parts = [`task ${nameOf(task)} (${task.path.join(" > ")})`, ...also.map((other) => `also ${nameOf(other)}`)];
  const createdAt = task.createdAt?.trim().split("\n", 1)[0];
  if (createdAt) parts.push(`created ${createdAt.replace(/^(?!at )/, "at ")}`);
  return parts.join(", ");
}

function nameOf({ name, id }: TaskInfo): string {
  return `${name} #${id}`;
}
