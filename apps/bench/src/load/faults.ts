import { type Growth, growthOf } from "./growth.ts";
import type { LoadResult } from "./load.ts";

/** What `main` ends with after SIGTERM. */
const TERMINATED = 143;

/** What isn't as it should be with a server that was under load; nothing, if all is well. */
export function faultsOf({ points, sent, left, cutShort, answers, exitCode, complaints }: LoadResult): string[] {
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
    expect(
      gone >= cutShort,
      `of ${cutShort} clients that left in the middle of their answers, handlers heard of ${gone}`,
    );
    expect(gone <= left, `${left} clients left, handlers heard of ${gone}`);
    for (const error of unexpected) faults.push(`unexpected: ${error}`);
  }
  const grows = (what: string, { perRequest, most }: Growth): void =>
    expect(perRequest <= most, `${what} grows by ${perRequest.toFixed(0)} bytes a request, above ${most.toFixed(0)}`);
  grows("the heap", growthOf(points, "heap"));
  grows("the RSS", growthOf(points, "rss"));
  expect(exitCode === TERMINATED, `it ended with ${String(exitCode)}, not ${TERMINATED}, after SIGTERM`);
  expect(complaints === "", `it complained: ${complaints}`);
  return faults;
}
