import { takeOver } from "@cohort/core";
import type { ConformanceTarget } from "@cohort/conformance";
import * as api from "@cohort/deno";
import packageJson from "../package.json" with { type: "json" };

export default {
  name: packageJson.name,
  version: packageJson.version,
  api,
  capabilities: { "exit report": true, "diagnostics channels": true },
  onReport(listener) {
    const taken = takeOver(api.runtime, (host) => ({
      ...host,
      reportError: (error) => listener({ error }),
      reportWarning: (warning) => listener({ warning }),
    }));
    return () => taken.end();
  },
} satisfies ConformanceTarget;
