import type { LoadResult, Point } from "./load.ts";

/** Bytes of heap a request may leave behind. A group that is kept would cost some thousand. */
const FLAT_BYTES = 100;
/** Bytes that a heap goes up and down by itself. */
const WOBBLE_BYTES = 2 ** 20;
/** What `main` ends with after SIGTERM. */
const TERMINATED = 143;

/** What isn't as it should be with a server that was under load; nothing, if all is well. */
export function faultsOf({ points, sent, left, answers, exitCode, complaints }: LoadResult): string[] {
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  for (const { sent: at, open, started, ended } of points) {
    expect(open === 0, `${open} groups of handlers are open after ${at} requests`);
    expect(started === ended, `${started} handlers started, ${ended} ended after ${at} requests`);
  }
  const last = points.at(-1);
  expect(answers.wrong === 0, `${answers.wrong} answers were wrong or missing`);
  const due = sent - left;
  const given = answers.fine + answers.failed + answers.wrong;
  expect(given === due, `${given} answers for ${due} clients that waited`);
  if (last !== undefined) {
    const { thrown, caught, gone, unexpected } = last;
    expect(caught === thrown, `${thrown} failures were thrown, ${caught} came out`);
    expect(answers.failed === thrown, `${thrown} failures were thrown, ${answers.failed} were answered with 500`);
    expect(gone > 0 || left === 0, `of ${left} clients that left, no handler heard`);
    for (const error of unexpected) faults.push(`unexpected: ${error}`);
  }
  expect(growth(points) <= FLAT_BYTES, `the heap grows by ${growth(points).toFixed(0)} bytes a request`);
  expect(exitCode === TERMINATED, `it ended with ${String(exitCode)}, not ${TERMINATED}, after SIGTERM`);
  expect(complaints === "", `it complained: ${complaints}`);
  return faults;
}

/** Bytes of heap that a request leaves behind, between the first look and the last. */
export function growth(points: readonly Point[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return 0;
  return Math.max(0, last.heap - first.heap - WOBBLE_BYTES) / (last.sent - first.sent);
}
