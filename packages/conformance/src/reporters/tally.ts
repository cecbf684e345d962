import type { Report, Status } from "../report.ts";

const WORDS: Readonly<Record<Status, string>> = {
  pass: "passed",
  fail: "failed",
  error: "broken off",
  fixed: "listed as failing, but passed",
  known: "known failures",
  skip: "skipped",
};

/** `120 passed, 2 failed, 14 skipped`: what there is none of isn't mentioned, but for what passed. */
export function tallyOf(counts: Report["counts"]): string {
  return Object.entries(WORDS)
    .map(([status, word]) => [counts[status as Status], word] as const)
    .filter(([count], at) => count > 0 || at === 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** `node 24.21.0`. */
export function runtimeOf({ runtime: { name, version } }: Report): string {
  return version === "" ? name : `${name} ${version}`;
}

/** `my-task-group 1.0.0`. */
export function targetOf({ target: { name, version } }: Report): string {
  return version === "" ? name : `${name} ${version}`;
}
