import type { Report } from "../report.ts";

/** The report as it is; an array of them where there are several. Its schema is `schemas/report.schema.json`. */
export function json(reports: readonly Report[]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2)}\n`;
}
