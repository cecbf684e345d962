import type { Answer } from "./protocol.ts";

/** What a driver's line says about a program. What isn't an answer to it is the driver's error. */
export function answerOfLine(line: string, seq: number): Answer {
  let said: Readonly<Record<string, unknown>>;
  try {
    said = Object(JSON.parse(line)) as Readonly<Record<string, unknown>>;
  } catch {
    return { error: `the driver said what is no JSON: ${line.slice(0, 200)}` };
  }
  const { seq: of, trace, outcome, skipped, error } = said;
  if (typeof error === "string") return { error };
  if (of !== seq) return { error: `the driver answered to ${JSON.stringify(of)} when it was asked ${seq}` };
  if (typeof skipped === "string") return { skipped };
  if (isTrace(trace) && isOutcome(outcome)) return { trace, outcome } as Answer;
  return { error: `the driver's answer has no trace and outcome: ${line.slice(0, 200)}` };
}

function isTrace(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((line) => typeof line === "string");
}

function isOutcome(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "value" in value || "error" in value || "cancelled" in value;
}
