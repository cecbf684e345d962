import Table from "cli-table3";
import type { LoadResult } from "./load.ts";

const MEBIBYTE = 2 ** 20;

/** A server's rounds for people. */
export function reportOf({ runtime, version, sent, left, answers, seconds, points }: LoadResult): string {
  const table = new Table({
    head: ["requests", "open", "handlers", "clients gone", "failures", "caught", "heap MiB", "RSS MiB"],
    colAligns: Array.from({ length: 8 }, () => "right"),
    style: { head: [], border: [] },
  });
  for (const { sent: at, open, ended, gone, thrown, caught, heap, rss } of points) {
    const numbers = [at, open, ended, gone, thrown, caught].map((n) => n.toLocaleString("en"));
    table.push([...numbers, ...[heap, rss].map((bytes) => (bytes / MEBIBYTE).toFixed(1))]);
  }
  const all = [
    `${sent.toLocaleString("en")} requests in ${seconds.toFixed(1)} s`,
    `${left.toLocaleString("en")} clients left`,
    `${answers.fine.toLocaleString("en")} answers`,
    `${answers.failed.toLocaleString("en")} failures answered with 500`,
    `${answers.wrong.toLocaleString("en")} wrong or missing`,
  ];
  return `${runtime} ${version}: ${all.join(", ")}\n${table.toString()}`;
}
