import { ExceptionGroup, TimeoutError } from "./cohort.ts";
import type { BadInput } from "./bad-input.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Ledger } from "./ledger.ts";
import { count, duration, printable } from "./printable.ts";

export interface Verdict {
  outcome: "fine" | "failed" | "bad input" | "deadline" | "interrupted" | "output closed";
  exitCode: number;
  /** One sentence. */
  text: string;
}

export interface Evidence {
  ledger: Ledger;
  /** What came out of the crawl's group. */
  error: unknown;
  /** On a site: links that are broken although no page failed, because they are no URLs. */
  malformed: number | undefined;
  /** The first line that couldn't be used. */
  badInput: BadInput | undefined;
  timeout: number | undefined;
  interruptedBy: "SIGINT" | "SIGTERM" | undefined;
  outputClosed: boolean;
}

/** What the crawl came to. The first that applies: who stopped it counts for more than what was found until then. */
export function judge(evidence: Evidence): Verdict {
  const { ledger, error, timeout, interruptedBy } = evidence;
  const { failed, cancelled } = ledger.counts;
  const done = count(ledger.done - cancelled, "page");
  if (evidence.outputClosed) return verdict("output closed", exitCodes.outputClosed, "the output was closed");
  if (evidence.badInput) return verdict("bad input", exitCodes.badInput, `bad input: ${evidence.badInput.message}`);
  if (interruptedBy !== undefined) {
    const code = interruptedBy === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated;
    return verdict("interrupted", code, `interrupted by ${interruptedBy} after ${done}; ${inFlight(ledger)}`);
  }
  if (isDeadline(error)) {
    const text = `the deadline of ${duration(timeout ?? 0)} passed after ${done}; ${inFlight(ledger)}`;
    return verdict("deadline", exitCodes.deadline, text);
  }
  if (failed + (evidence.malformed ?? 0) > 0 || error !== undefined) {
    return verdict("failed", exitCodes.failed, failure(evidence));
  }
  return verdict("fine", exitCodes.fine, "all fine");
}

function failure({ ledger, malformed, error }: Evidence): string {
  const { failed, cancelled } = ledger.counts;
  const first = ledger.failed[0];
  if (cancelled > 0 && first) return `${first.name} failed and took ${count(cancelled, "page")} down with it`;
  if (failed + (malformed ?? 0) === 0) return firstMessage(error);
  return malformed === undefined ? `${count(failed, "page")} failed` : count(failed + malformed, "broken link");
}

/** No page failed, so the crawl itself did: it wasn't let in. */
function firstMessage(error: unknown): string {
  const leaf = error instanceof ExceptionGroup ? [...error.leaves()][0]?.error : error;
  return leaf instanceof Error ? leaf.message : String(leaf);
}

/** So many names make a sentence. */
const MOST_NAMES = 20;

function inFlight({ cancelled, counts }: Ledger): string {
  if (counts.cancelled === 0) return "nothing was being fetched";
  const names = cancelled.slice(0, MOST_NAMES).map(({ name }) => printable(name, 2000));
  const more = counts.cancelled - names.length;
  return `still being fetched: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The deadline alone, or behind the failures that happened before it. */
function isDeadline(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof ExceptionGroup && error.cause instanceof TimeoutError);
}

function verdict(outcome: Verdict["outcome"], exitCode: number, text: string): Verdict {
  return { outcome, exitCode, text };
}
