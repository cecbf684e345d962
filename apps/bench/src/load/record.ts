import { readFile, writeFile } from "node:fs/promises";
import { growthOf } from "./growth.ts";
import type { LoadResult } from "./load.ts";

const BEGIN = "<!-- load: made by `cohort-load --record` -->";
const END = "<!-- /load -->";
const MEBIBYTE = 2 ** 20;
const HEAD = ["runtime", "requests", "clients left", "handlers open after", "errors lost", "heap, MiB", "RSS, MiB"];

/** Where reports are kept, and the page whose table is made of them. */
export const reportFile = (root: URL, runtime: string): URL => new URL(`reports/load-${runtime}.json`, root);
export const pageFile = (root: URL): URL => new URL("README.md", root);

/** Keeps results as reports, and puts the table of them into the page. */
export async function record(results: readonly LoadResult[], root: URL): Promise<void> {
  for (const result of results) {
    await writeFile(reportFile(root, result.runtime), `${JSON.stringify(result, undefined, 2)}\n`);
  }
  const page = await readFile(pageFile(root), "utf8");
  await writeFile(pageFile(root), withTable(page, results));
}

/** The page with the table of these results between its marks. */
export function withTable(page: string, results: readonly LoadResult[]): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${tableOf(results)}\n\n${END}${after}`;
}

function tableOf(results: readonly LoadResult[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] as number) : cell.padStart(widths[n] as number))).join(" | ")} |`;
  const rule = widths.map((width, n) => (n === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [lineOf(HEAD), `| ${rule.join(" | ")} |`, ...rows.slice(1).map(lineOf)].join("\n");
}

function rowOf({ runtime, version, sent, left, points }: LoadResult): string[] {
  const last = points.at(-1);
  const memory = (what: "heap" | "rss"): string => {
    const all = points.map((point) => point[what] / MEBIBYTE);
    const [first, end] = [all[0] ?? 0, all.at(-1) ?? 0];
    return `${first.toFixed(1)} → ${end.toFixed(1)} (${Math.round(growthOf(points, what).perRequest) + 0} B a request)`;
  };
  return [
    `${runtime} ${version}`,
    ...[sent, left, last?.open ?? 0, (last?.thrown ?? 0) - (last?.caught ?? 0)].map((n) => n.toLocaleString("en")),
    memory("heap"),
    memory("rss"),
  ];
}
