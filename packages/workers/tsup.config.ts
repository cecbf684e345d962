import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/track-tasks.ts", "src/wait-until.ts", "src/wait-until.workerd.ts"],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  // Under `nodejs_als` alone there is "node:async_hooks", and no "async_hooks".
  removeNodeProtocol: false,
  external: ["#wait-until", /^cloudflare:/, /^node:/],
  dts: { entry: ["src/index.ts", "src/track-tasks.ts"] },
  sourcemap: true,
  clean: true,
});
