import { globSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import type { Case } from "../src/case.ts";
import { cases } from "../src/cases.ts";
import { lookFor } from "../src/look-for.ts";
import { runCase } from "../src/run-case.ts";
import { scenarioCases } from "../src/scenarios/scenario-cases.ts";
import { buildTarget } from "./wrong/build-wrong.ts";
import type { WrongImplementation } from "./wrong/wrong-implementation.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const files = globSync("wrong/*.ts", { cwd: import.meta.dirname, exclude: ["**/*wrong*.ts"] });
const modules: Record<string, WrongImplementation[]>[] = await Promise.all(
  files.sort().map((file) => import(`./${file}`)),
);
const wrongs = modules.flatMap((module) => Object.values(module)).flat();
const reference = await buildTarget();
const workers = await buildTarget(undefined, "workers");

function caseOf({ name, killedBy }: WrongImplementation): Case {
  const found = [...cases, ...scenarioCases].find(({ id }) => id === killedBy);
  if (found === undefined) throw new Error(`"${name}" is to be killed by ${killedBy}, which doesn't exist`);
  return found;
}

describe("the suite kills wrong implementations", () => {
  it("of which there are at least 40, of different names", () => {
    expect(wrongs.length).toBeGreaterThanOrEqual(40);
    expect(new Set(wrongs.map(({ name }) => name)).size).toBe(wrongs.length);
  });

  it.each(wrongs.map((wrong) => [wrong.killedBy, wrong.name, wrong] as const))(
    "%s: one that %s",
    async (_id, _name, wrong) => {
      const theCase = caseOf(wrong);
      const right = wrong.adapter === undefined ? reference : workers;
      const isRight = await runCase(right, theCase, await lookFor(right));
      expect(isRight).toMatchObject({ status: "pass" });
      const target = await buildTarget(wrong);
      const isWrong = await runCase(target, theCase, await lookFor(target));
      expect(isWrong).toMatchObject({ status: "fail" });
    },
  );
});
