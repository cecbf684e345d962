import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { taskGroup } from "@cohort/node";
import { describe, expect, test } from "vitest";
// @boundaries-ignore the runtimes are the repository's tools
import { environment } from "../../../tooling/setup/environment.mjs";
// @boundaries-ignore the runtimes are the repository's tools
import { runtimeFromNpm } from "../../../tooling/setup/runtimes.mjs";
import { faultsOf } from "../src/load/faults.ts";
import { growthOf } from "../src/load/growth.ts";
import { type HostRuntime, hostRuntime, RUNTIME_NAMES, type RuntimeName } from "../src/load/host-runtime.ts";
import { load, type LoadResult, type Point } from "../src/load/load.ts";
import { pageFile, reportFile, withTable } from "../src/load/record.ts";
import { reportOf } from "../src/load/report.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const commandLine = new URL("../src/load/cli.ts", import.meta.url).href;

/** The runtime, or why it can't be had. */
async function found(name: RuntimeName): Promise<HostRuntime | string> {
  try {
    const executable = name === "node" ? process.execPath : await runtimeFromNpm(name, root, environment(root));
    return await hostRuntime(name, executable, commandLine);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.for(RUNTIME_NAMES)(
  "a server on %s, under load with clients that go away, leaves no handler open and loses no error",
  { timeout: 300_000 },
  async (name, { skip }) => {
    const runtime = await found(name);
    if (typeof runtime === "string") return skip(`${name} can't be had here: ${runtime}`);
    const options = { requests: 3000, rounds: 3, connections: 20 };
    const result = await taskGroup((group) => load(runtime, options, group));
    console.log(reportOf(result));
    expect(faultsOf(result)).toEqual([]);
    expect(result).toMatchObject({ sent: 3000, left: 300 });
    expect(result.points.map(({ sent, open }) => [sent, open])).toEqual([
      [1000, 0],
      [2000, 0],
      [3000, 0],
    ]);
  },
);

describe("what isn't as it should be", () => {
  const point: Point = {
    sent: 1000,
    started: 1000,
    ended: 1000,
    gone: 50,
    thrown: 100,
    caught: 100,
    unexpected: [],
    open: 0,
    heap: 5e6,
    rss: 5e7,
  };
  /** Ten looks, at memory that grows by so many bytes a request, and once drops. */
  const looks = ({ heap = 0, rss = 0 }: { heap?: number; rss?: number }, drop = 0): Point[] =>
    Array.from({ length: 10 }, (_, n) => ({
      ...point,
      sent: 10_000 * (n + 1),
      heap: 5e6 + heap * 10_000 * n - (n >= 5 ? drop : 0),
      rss: 5e7 + rss * 10_000 * n,
    }));
  const fine: LoadResult = {
    runtime: "node",
    version: "24.0.0",
    sent: 1000,
    left: 100,
    cutShort: 50,
    answers: { fine: 800, failed: 100, wrong: 0 },
    seconds: 1,
    points: [point],
    exitCode: 143,
    complaints: "",
  };

  test("of a server with which all is well there is nothing to say", () => {
    expect(faultsOf(fine)).toEqual([]);
  });

  test.each<[string, Partial<LoadResult>, string]>([
    ["a handler that stays open", { points: [{ ...point, open: 2, ended: 998 }] }, "2 groups of handlers are open"],
    ["a failure that is lost", { points: [{ ...point, caught: 99 }] }, "100 failures were thrown, 99 came out"],
    ["an error that nobody asked for", { points: [{ ...point, unexpected: ["oops"] }] }, "unexpected: oops"],
    ["an answer that is wrong", { answers: { fine: 799, failed: 100, wrong: 1 } }, "1 answers were wrong"],
    ["an answer that is missing", { answers: { fine: 799, failed: 100, wrong: 0 } }, "899 answers for 900"],
    [
      "a client that leaves unheard",
      { points: [{ ...point, gone: 49 }] },
      "of 50 clients that left in the middle of their answers, handlers heard of 49",
    ],
    [
      "a client that was said to leave",
      { points: [{ ...point, gone: 101 }] },
      "100 clients left, handlers heard of 101",
    ],
    ["a server that ends badly", { exitCode: 1 }, "it ended with 1"],
    ["a server that complains", { complaints: "warning" }, "it complained: warning"],
    ["heap that isn't given back", { points: looks({ heap: 100 }) }, "the heap grows by 100 bytes a request, above 32"],
    [
      "heap that isn't given back, in spite of one drop",
      { points: looks({ heap: 100 }, 4e6) },
      "bytes a request, above 32",
    ],
    ["RSS that isn't given back", { points: looks({ rss: 500 }) }, "the RSS grows by 500 bytes a request, above 236"],
  ])("%s is named", (_, difference, fault) => {
    const faults = faultsOf({ ...fine, ...difference });
    expect(faults.find((line) => line.includes(fault))).toBeDefined();
  });

  test("memory that goes up and down without growing is flat", () => {
    const wobbling = looks({}).map((at, n) => ({ ...at, heap: 5e6 + (n % 2) * 4e5, rss: 5e7 + ((n * 7) % 5) * 1e6 }));
    for (const what of ["heap", "rss"] as const) {
      const { perRequest, most } = growthOf(wobbling, what);
      expect(perRequest).toBeLessThan(most);
    }
  });

  test("of RSS nothing is said before a runtime has grown into its size", () => {
    expect(growthOf(looks({ rss: 5000 }).slice(0, 3), "rss").most).toBe(Infinity);
  });
});

test("the table of the README is that of the reports, with whose servers all was well over 100,000 requests", async () => {
  const bench = new URL("..", import.meta.url);
  const read = async (name: RuntimeName): Promise<LoadResult> =>
    JSON.parse(await readFile(reportFile(bench, name), "utf8")) as LoadResult;
  const reports = await Promise.all(RUNTIME_NAMES.map(read));
  for (const report of reports) {
    expect(report.sent).toBeGreaterThanOrEqual(100_000);
    expect(faultsOf(report)).toEqual([]);
  }
  const page = await readFile(pageFile(bench), "utf8");
  expect(page).toBe(withTable(page, reports));
});
