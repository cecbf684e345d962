import type { Report } from "../report.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { type Colours, spec } from "./spec.ts";
import { tap } from "./tap.ts";

export type ReporterName = "spec" | "json" | "tap" | "junit" | "markdown";

export const reporterNames: readonly ReporterName[] = ["spec", "json", "tap", "junit", "markdown"];

/** The reports as a text. Only `spec` has colours. */
export function render(name: ReporterName, reports: readonly Report[], colours: Colours): string {
  switch (name) {
    case "spec":
      return spec(reports, colours);
    case "json":
      return json(reports);
    case "tap":
      return tap(reports);
    case "junit":
      return junit(reports);
    case "markdown":
      return markdown(reports);
  }
}
