import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runtimes } from "./support/runtimes.ts";

const execute = promisify(execFile);
const WHICH = fileURLToPath(new URL("./support/which-cohort.mjs", import.meta.url));

test.for(runtimes)("on $name it stands on the package for $name", { timeout: 20_000 }, async (runtime, { skip }) => {
  console.log(`the crawler on ${runtime.name}: ${"why" in runtime ? `left out, ${runtime.why}` : runtime.version}`);
  if ("why" in runtime) return skip(runtime.why);
  const { stdout } = await execute(runtime.executable, [...runtime.flags, WHICH]);
  expect(stdout).toBe(`${runtime.name.toLowerCase()}\n`);
});
