import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/cli.ts", "src/worker.ts", "src/load/cli.ts", "src/load/*/server.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
  clean: true,
});
