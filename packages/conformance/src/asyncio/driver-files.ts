import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the Python files of the asyncio driver are. */
export function driverFiles(): string {
  // By the package's own name: this module may have been bundled into a file at any depth.
  const manifest = createRequire(import.meta.url).resolve("@cohort/conformance/package.json");
  return join(dirname(manifest), "drivers", "asyncio");
}
