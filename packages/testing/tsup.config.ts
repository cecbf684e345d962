import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/bindings/*.ts"],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  // `test` alone would be a package of npm.
  removeNodeProtocol: false,
  external: ["bun:test", "node:test"],
  dts: true,
  sourcemap: true,
  clean: true,
});
