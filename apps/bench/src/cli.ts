import { stdout } from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { Progress } from "./progress.ts";
import { type Row, run } from "./run.ts";
import { SCENARIOS } from "./scenarios.ts";
import { tableOf } from "./table.ts";

interface Options {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly only?: string;
  readonly turns: number;
}

function parseTurns(text: string): number {
  const turns = Number(text);
  if (!Number.isInteger(turns) || turns < 1) throw new InvalidArgumentError("A whole number is needed, 1 or more.");
  return turns;
}

const program = new Command("cohort-bench")
  .description("What a task group costs beside its peers, as ratios from one run. Nothing is asserted.")
  .option("--quick", "sizes up to 10,000 and one turn: a look, not a result")
  .option("--only <scenario>", `one of: ${SCENARIOS.map(({ name }) => name).join(", ")}`)
  .option("--turns <n>", "how often each contender is measured, in a process of its own each time", parseTurns, 3)
  .option("--json", "print one JSON document instead of tables")
  .parse();

const { quick = false, json = false, only, turns } = program.opts<Options>();
const chosen = SCENARIOS.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) program.error(`error: no scenario "${only}"`, { exitCode: 2 });

const progress = new Progress();
const results: Row[] = [];
for (const scenario of chosen) {
  const sizes = quick ? scenario.sizes.filter((n) => n <= 1e4) : scenario.sizes;
  const rows = await run({ ...scenario, sizes }, quick ? 1 : turns, progress);
  progress.clear();
  results.push(...rows);
  if (!json) stdout.write(`${tableOf({ ...scenario, sizes }, rows)}\n`);
}
if (json) stdout.write(`${JSON.stringify({ node: process.version, rows: results }, undefined, 2)}\n`);
