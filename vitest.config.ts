import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

// One project a package, named as the package; each resolves the others to their source, so nothing need be built first.
const projects = globSync("{packages,apps}/*/package.json").map((manifest) => {
  const name = JSON.parse(readFileSync(manifest, "utf8")).name as string;
  // Core keeps nothing for a whole process, so its many files can share one: starting a worker for each takes longer.
  return { extends: true as const, test: { name, root: dirname(manifest), isolate: name !== "@cohort/core" } };
});

export default defineConfig({
  ssr: { resolve: { conditions: ["@cohort/source", "module", "node", "development|production"] } },
  // Many tests wait for a process of their own: no core is to wait for them.
  test: { projects, maxWorkers: "100%", include: ["test/**/*.test.ts"] },
});
