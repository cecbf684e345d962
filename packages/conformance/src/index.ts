export type { Capability, GroupCapability, HostCapability } from "./capability.ts";
export type { Case, Level } from "./case.ts";
export { cases } from "./cases.ts";
export { everyCase } from "./every-case.ts";
export type { KnownFailures } from "./known-failures.ts";
export { RefusedError } from "./refused-error.ts";
export { type CaseResult, isClean, type Report, type ReportHead, type Status } from "./report.ts";
export { json } from "./reporters/json.ts";
export { junit } from "./reporters/junit.ts";
export { markdown } from "./reporters/markdown.ts";
export { type Colours, spec } from "./reporters/spec.ts";
export { tap } from "./reporters/tap.ts";
export { type ConformanceOptions, runConformance } from "./run-conformance.ts";
export type {
  Difference,
  ErrorText,
  GroupOptions,
  Json,
  Outcome,
  Program,
  Run,
  Scenario,
  Step,
  Trace,
} from "./scenarios/scenario.ts";
export { scenarioCases } from "./scenarios/scenario-cases.ts";
export { scenarios } from "./scenarios/scenario-files.ts";
export {
  type Clause,
  clauseOf,
  clausesOf,
  type Requirement,
  type Section,
  sectionOf,
  type Specification,
  specification,
} from "./specification.ts";
export type { ConformanceTarget, Report as ReportedBy } from "./target.ts";
export type { HostInfo } from "./this-host.ts";
