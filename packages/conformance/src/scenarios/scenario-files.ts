import cancellation from "../../scenarios/cancellation.json" with { type: "json" };
import composition from "../../scenarios/composition.json" with { type: "json" };
import deadlines from "../../scenarios/deadlines.json" with { type: "json" };
import failures from "../../scenarios/failures.json" with { type: "json" };
import lifecycle from "../../scenarios/lifecycle.json" with { type: "json" };
import limits from "../../scenarios/limits.json" with { type: "json" };
import members from "../../scenarios/members.json" with { type: "json" };
import outcomes from "../../scenarios/outcomes.json" with { type: "json" };
import synchronisation from "../../scenarios/synchronisation.json" with { type: "json" };
import type { Scenario } from "./scenario.ts";

/** What the JSON Schema says of a file, which the types that TypeScript finds for JSON can't. */
interface ScenarioFile {
  readonly scenarios: readonly Scenario[];
}

/** The files in the order of the specification. Imported, so that a bundle of the suite needs no file system. */
const files = [
  outcomes,
  lifecycle,
  members,
  failures,
  cancellation,
  deadlines,
  limits,
  composition,
  synchronisation,
] as unknown as readonly ScenarioFile[];

/** Every scenario. */
export const scenarios: readonly Scenario[] = /* @__PURE__ */ files.flatMap((file) => file.scenarios);
