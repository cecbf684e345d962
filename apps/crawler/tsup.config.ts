import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/cli.ts"],
  format: "esm",
  target: "node20",
  // Which Cohort it is, is for the runtime to say, in package.json's "imports".
  external: ["#cohort"],
  sourcemap: true,
  clean: true,
});
