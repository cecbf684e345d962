import Table from "cli-table3";
import type { Row } from "./run.ts";
import type { Scenario } from "./scenarios.ts";

/** A scenario's rows for people: a line per contender, a column per size, and how the figure grows from end to end. */
export function tableOf(scenario: Scenario, rows: readonly Row[]): string {
  const { sizes } = scenario;
  const growth = sizes.length > 1 ? ["last : first"] : [];
  const table = new Table({
    head: ["", ...sizes.map((n) => n.toLocaleString("en")), ...growth],
    colAligns: ["left", ...sizes.map(() => "right" as const), ...growth.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const contender of scenario.contenders) {
    const own = sizes.map((n) => rows.find((row) => row.n === n && row.contender === contender));
    const [first, last] = [own[0]?.value, own.at(-1)?.value];
    const grown = first === undefined || last === undefined ? "–" : (last / first).toFixed(2);
    table.push([contender, ...own.map((row) => cellOf(scenario, row)), ...growth.map(() => grown)]);
  }
  return `${scenario.title}: ${scenario.unit}\n${table.toString()}\n`;
}

function cellOf({ compare }: Scenario, row: Row | undefined): string {
  if (row === undefined) return "–";
  const { value, against, target, listeners } = row;
  const parts = [value.toFixed(0)];
  if (against !== undefined) parts.push(compare === "ratio" ? `× ${against.toFixed(2)}` : `+ ${against.toFixed(0)}`);
  if (target !== undefined) parts.push(`(≤ ${target})`);
  if (listeners !== undefined) parts.push(`${listeners} listeners left`);
  return parts.join(" ");
}
