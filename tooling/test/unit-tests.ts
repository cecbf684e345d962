import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../setup/child.mjs";
import { nodeOfLine, type NodeLine } from "../setup/node.mjs";
import { here, root } from "./repository.ts";
import { LeftOut, type Outcome, type Suite } from "./suite.ts";

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/**
 * What runs on one Node only: the apps, the suite's own tests, and the adapters whose runtime isn't Node, which is only what
 * starts them. Those for Node run the suite on every Node.
 */
const ONCE = [
  "@cohort-app/*",
  "@cohort/conformance",
  "@cohort/browser",
  "@cohort/workers",
  "@cohort/bun",
  "@cohort/deno",
];

/** And these files, whatever their package: programs that documentation tells, and searches that the clock of a test drives. */
const ONCE_FILES = ["**/{docs,docstrings,readme}.test.ts", "**/explore*.test.ts"];

/** Every test file of the workspace on the Node in use, then what is made for each Node on the others that vitest runs on. */
export function unitTests(): readonly Suite[] {
  const inUse = Number.parseInt(process.versions.node, 10);
  const lines: readonly NodeLine[] = [22, 24, 26];
  return lines
    .toSorted((a, b) => Number(b === inUse) - Number(a === inUse))
    .map((line) => ({ name: `vitest on Node ${line}`, run: () => runOn(line, line === inUse) }));
}

async function runOn(line: NodeLine, isInUse: boolean): Promise<Outcome> {
  const node = await nodeOfLine(line, root, here.env).catch((error: unknown) => {
    throw new LeftOut(`Node ${line} can't be had here: ${error instanceof Error ? error.message : String(error)}`);
  });
  const scratch = await mkdtemp(join(tmpdir(), "cohort-vitest-"));
  try {
    const file = join(scratch, "report.json");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    if (!isInUse) args.push(...ONCE.map((project) => `--project=!${project}`));
    if (!isInUse) args.push(...ONCE_FILES.map((files) => `--exclude=${files}`));
    const { ok, ending, output } = await capture(node.path, args, { ...here, show: isInUse });
    const report = JSON.parse(await readFile(file, "utf8").catch(() => "null")) as Report | null;
    if (!ok && !isInUse) console.log(output);
    if (report === null) throw new Error(`vitest ${ending} without a report`);
    // A file that can't be loaded or an error outside any test fails the run without failing a test.
    const failed = report.numFailedTests || (ok ? 0 : 1);
    const skipped = report.numPendingTests + report.numTodoTests;
    return { passed: report.numPassedTests, failed, note: `${node.version}${skipped ? `, ${skipped} skipped` : ""}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
