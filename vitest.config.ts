import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

// One project a package, named as the package; each resolves the others to their source, so nothing need be built first.
const projects = globSync("{packages,apps}/*/package.json").map((manifest) => ({
  extends: true as const,
  test: { name: JSON.parse(readFileSync(manifest, "utf8")).name as string, root: dirname(manifest) },
}));

export default defineConfig({
  ssr: { resolve: { conditions: ["@cohort/source", "module", "node", "development|production"] } },
  test: { projects, include: ["test/**/*.test.ts"] },
});
