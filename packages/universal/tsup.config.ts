import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/channels.ts",
    "src/main.ts",
    "src/open-work.ts",
    "src/request-scope.ts",
    "src/streamed-response.ts",
    "src/whole-response.ts",
  ],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  dts: true,
  sourcemap: true,
  clean: true,
});
