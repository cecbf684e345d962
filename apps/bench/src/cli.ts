import { stderr, stdout } from "node:process";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { type Row, run } from "./run.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";

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

function tableOf(scenario: Scenario, rows: readonly Row[]): string {
  const sign = scenario.compare === "ratio" ? "×" : "+";
  const table = new Table({
    head: ["", ...scenario.sizes.map((n) => n.toLocaleString("en"))],
    colAligns: ["left", ...scenario.sizes.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const contender of scenario.contenders) {
    const cells = scenario.sizes.map((n) => {
      const row = rows.find((other) => other.n === n && other.contender === contender);
      if (row === undefined) return "–";
      const against =
        row.against === undefined ? "" : `  ${sign} ${row.against.toFixed(scenario.compare === "ratio" ? 2 : 0)}`;
      const listeners = row.listeners === undefined ? "" : `  (${row.listeners} listeners left)`;
      return `${row.value.toFixed(0)}${against}${listeners}`;
    });
    table.push([contender, ...cells]);
  }
  const target = scenario.target === undefined ? "" : `\ntarget: ${scenario.target}`;
  return `${scenario.title}: ${scenario.unit}${target}\n${table.toString()}\n`;
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

const progress = (text: string): void => {
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`);
};
const results: Row[] = [];
for (const scenario of chosen) {
  const sizes = quick ? scenario.sizes.filter((n) => n <= 1e4) : scenario.sizes;
  const rows = await run({ ...scenario, sizes }, quick ? 1 : turns, progress);
  progress("");
  results.push(...rows);
  if (!json) stdout.write(`${tableOf({ ...scenario, sizes }, rows)}\n`);
}
if (json) stdout.write(`${JSON.stringify({ node: process.version, rows: results }, undefined, 2)}\n`);
