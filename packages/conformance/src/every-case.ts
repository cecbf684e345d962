import type { Case } from "./case.ts";
import { cases } from "./cases.ts";
import { scenarioCases } from "./scenarios/scenario-cases.ts";

/** The whole suite: the cases that are functions, then those that are data. */
export const everyCase: readonly Case[] = /* @__PURE__ */ [...cases, ...scenarioCases];
