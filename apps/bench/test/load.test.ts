import { fileURLToPath } from "node:url";
import { taskGroup } from "@cohort/node";
import { describe, expect, test } from "vitest";
// @boundaries-ignore the runtimes are the repository's tools
import { environment } from "../../../tooling/setup/environment.mjs";
// @boundaries-ignore the runtimes are the repository's tools
import { runtimeFromNpm } from "../../../tooling/setup/runtimes.mjs";
import { faultsOf, growth } from "../src/load/faults.ts";
import { type HostRuntime, hostRuntime, RUNTIME_NAMES, type RuntimeName } from "../src/load/host-runtime.ts";
import { load, type LoadResult, type Point } from "../src/load/load.ts";
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
  const fine: LoadResult = {
    runtime: "node",
    version: "24.0.0",
    sent: 1000,
    left: 100,
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
    ["clients that leave unheard", { points: [{ ...point, gone: 0 }] }, "no handler heard"],
    ["a server that ends badly", { exitCode: 1 }, "it ended with 1"],
    ["a server that complains", { complaints: "warning" }, "it complained: warning"],
    [
      "memory that isn't given back",
      {
        sent: 3000,
        answers: { fine: 2800, failed: 100, wrong: 0 },
        points: [point, { ...point, sent: 3000, heap: 9e6 }],
      },
      "the heap grows by 1476 bytes a request",
    ],
  ])("%s is named", (_, difference, fault) => {
    const faults = faultsOf({ ...fine, ...difference });
    expect(faults.find((line) => line.includes(fault))).toBeDefined();
  });

  test("a heap that wobbles by less than a megabyte doesn't grow", () => {
    expect(growth([point, { ...point, sent: 2000, heap: 5.9e6 }])).toBe(0);
  });
});
