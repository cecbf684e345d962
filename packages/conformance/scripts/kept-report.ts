import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report, Status } from "../src/report.ts";

/** A report as the repository keeps it: without times, in a stable order, so that only what changed is a difference. */
export interface KeptReport {
  readonly target: Report["target"];
  readonly runtime: Report["runtime"];
  readonly suite: string;
  readonly spec: string;
  readonly problems: readonly string[];
  /** By id: `pass`, or another status and why: `skip: the host has no Symbol.asyncDispose`. */
  readonly results: Readonly<Record<string, string>>;
}

/** What is kept of a report. */
export function keepOf({ target, runtime, suite, spec, problems, cases }: Report): KeptReport {
  const results = cases.map(({ id, status, message }) => {
    // Stacks have the paths of a machine in them: the first line says what happened.
    const why = message?.split("\n", 1)[0] ?? "";
    return [id, status === "pass" || why === "" ? status : `${status}: ${why}`] as const;
  });
  results.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    target: { name: target.name, version: target.version },
    runtime: { name: runtime.name, version: runtime.version },
    suite,
    spec,
    problems,
    results: Object.fromEntries(results),
  };
}

/** How a kept case ended. */
export function statusOf(result: string): Status {
  return (result.includes(":") ? result.slice(0, result.indexOf(":")) : result) as Status;
}

/** Node's lines live side by side, so each has its report; of another runtime there is the newest one. */
export function runtimeOf({ runtime: { name, version } }: Pick<KeptReport, "runtime">): string {
  return name === "node" ? `${name} ${version.split(".", 1)[0]}` : name;
}

/** The file of a report: `cohort-universal-node-24.json`. */
export function fileOf(report: Pick<KeptReport, "target" | "runtime">): string {
  return `${`${report.target.name}-${runtimeOf(report)}`.replaceAll(/[^\w.]+/g, "-").replace(/^-/, "")}.json`;
}

/** The reports that are kept in a folder, if there is one. */
export function keptReports(folder: string): readonly KeptReport[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as KeptReport);
}
