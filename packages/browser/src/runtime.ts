import { defineRuntime, type Runtime } from "@cohort/core";
import { adapter } from "./adapter.ts";

/** What this package's functions are bound to. Opaque; a test's virtual time takes its clock over. */
export const runtime: Runtime = /* @__PURE__ */ defineRuntime(adapter);
