/**
 * `npm test`: every suite that can run on this machine, counted together. Its last line is the sum, `N passed, N failed`.
 * Words given on the command line choose suites by a part of their names.
 */

import { arrows } from "./arrows.ts";
import { conformance } from "./conformance.ts";
import { consumers } from "./consumers.ts";
import { LeftOut, type Outcome, type Suite } from "./suite.ts";
import { types } from "./types.ts";
import { unitTests } from "./unit-tests.ts";

const suites: readonly Suite[] = [...unitTests(), types, arrows, conformance, consumers];

const wanted = process.argv.slice(2);
const chosen = suites.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word.toLowerCase())));
const lines: string[] = [];
let passed = 0;
let failed = 0;

for (const suite of chosen) {
  console.log(`\n${suite.name}`);
  const started = performance.now();
  const outcome = await run(suite);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  passed += outcome.passed;
  failed += outcome.failed;
  const count =
    outcome.passed + outcome.failed === 0 ? "left out" : `${outcome.passed} passed, ${outcome.failed} failed`;
  lines.push(`${suite.name}: ${count}${outcome.note ? ` (${outcome.note})` : ""}, ${seconds} s`);
}

console.log(`\n${lines.join("\n")}`);
if (passed === 0 && failed === 0) {
  console.log(`No suite is named ${wanted.join(" ")}; there are: ${suites.map(({ name }) => name).join(", ")}`);
  failed = 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function run(suite: Suite): Promise<Outcome> {
  try {
    return await suite.run();
  } catch (error) {
    if (error instanceof LeftOut) return { passed: 0, failed: 0, note: error.message };
    console.log(error);
    return { passed: 0, failed: 1, note: "the suite itself failed" };
  }
}
