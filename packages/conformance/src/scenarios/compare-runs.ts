import { orderedByMoment } from "./same-moment.ts";
import type { ErrorText, Outcome, Run, Scenario } from "./scenario.ts";

/** The first line that differs, with both runs beside each other; undefined if none does. */
export function differenceOf(expected: Run, seen: Run, order?: Scenario["order"]): string | undefined {
  const [should, is] = [linesOf(expected, order), linesOf(seen, order)];
  const length = Math.max(should.length, is.length);
  const first = Array.from({ length }).findIndex((_, at) => should[at] !== is[at]);
  if (first === -1) return undefined;
  const width = Math.max("expected".length, ...should.map((line) => line.length));
  const row = (mark: string, left: string, right: string): string =>
    `${mark} ${left.padEnd(width)} | ${right}`.trimEnd();
  const rows = Array.from({ length }, (_, at) => row(at === first ? ">" : " ", should[at] ?? "", is[at] ?? ""));
  const what = `should be "${should[first] ?? "the end"}", but is "${is[first] ?? "the end"}"`;
  return [`line ${first + 1} ${what}`, row(" ", "expected", "seen"), ...rows].join("\n");
}

/** A run as lines, the outcome last. */
function linesOf(run: Run, order: Scenario["order"]): readonly string[] {
  const { trace, outcome } = order === "strict" ? run : orderedByMoment(run);
  return [...trace, `=> ${outcomeText(outcome)}`];
}

/** An outcome as JSON that is the same in whatever order a driver writes the keys. */
function outcomeText(outcome: Outcome): string {
  if ("error" in outcome) return JSON.stringify({ error: errorIn(outcome.error) });
  return JSON.stringify("cancelled" in outcome ? { cancelled: outcome.cancelled } : { value: outcome.value });
}

function errorIn(error: ErrorText): ErrorText {
  if (typeof error === "string") return error;
  const group = error.group.map(errorIn);
  return error.cause === undefined ? { group } : { group, cause: errorIn(error.cause) };
}
