import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/bindings/*.ts",
    "src/runtimes/inside.ts",
    "src/driver/index.ts",
    "src/fuzz/index.ts",
    "src/command/cli.ts",
  ],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  // `test` alone would be a package of npm.
  removeNodeProtocol: false,
  external: [/^node:/, /^bun:/],
  dts: true,
  sourcemap: true,
  clean: true,
});
