import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../setup/child.mjs";
import { nodeOfLine } from "../setup/node.mjs";
import { chromium, runtimeFromNpm } from "../setup/runtimes.mjs";
import { here, root } from "./repository.ts";
import type { Outcome, Suite } from "./suite.ts";

/** The part of a report of the conformance suite that is read here. */
interface Report {
  readonly runtime: { readonly name: string; readonly version: string };
  readonly counts: Readonly<Record<"pass" | "fail" | "skip" | "known" | "fixed" | "error", number>>;
  readonly problems: readonly string[];
  readonly cases: readonly { readonly id: string; readonly status: string; readonly message?: string }[];
}

const NEW_FLAGS = "--compatibility-flags=enable_request_signal,nodejs_compat";

/** Without it a workerd of that date takes a rejection for unhandled that is handled a moment later. */
const OLD_FLAGS = "--compatibility-flags=unhandled_rejection_after_microtask_checkpoint";

const command = join(root, "packages/conformance/dist/command/cli.js");

/**
 * The adapters on the runtimes that vitest doesn't run on, as their packages are built: each adapter's own tests run the
 * suite on the others. A browser that this machine has is used; none is installed. `COHORT_ENGINES`, such as
 * `chromium,firefox,webkit`, names runtimes that have to take part: one that is missing is a failure.
 */
export const conformance: Suite = { name: "conformance", run: runConformance };

async function runConformance(): Promise<Outcome> {
  const scratch = await mkdtemp(join(tmpdir(), "cohort-conformance-"));
  const leftOut: string[] = [];
  try {
    const env = { ...here.env, ...(await runtimesHere(leftOut)) };
    const oldest = await nodeOfLine(20, root, here.env);
    const runs = [
      ["node", "--runtime=node", `--node=${oldest.path}`],
      ["bun", "--runtime=bun"],
      ["deno", "--runtime=deno"],
      ["workers", "--runtime=workerd", "--compatibility-date=2026-07-30", NEW_FLAGS],
      ["workers", "--runtime=workerd", "--compatibility-date=2024-09-23", OLD_FLAGS],
      ["browser", "--runtime=chromium,firefox,webkit"],
    ] as const;
    const outcomes = await Promise.all(
      runs.map(async ([adapter, ...options], index) => {
        const output = join(scratch, `${index}.json`);
        const target = join(root, `packages/${adapter}/test/conformance-target.ts`);
        const args = [command, target, ...options, "--reporter=json", `--output=${output}`];
        const run = await capture(process.execPath, args, { ...here, env });
        const missing = Array.from(run.output.matchAll(/^cohort-conformance: (\w+) is left out/gm), ([, name]) => name);
        leftOut.push(...missing.map((name) => `${name}: not on this machine`));
        const text = await readFile(output, "utf8").catch(() => "[]");
        const reports = [JSON.parse(text)].flat() as Report[];
        if (reports.length === 0 && missing.length === 0) throw new Error(run.output);
        return reports.map((report) => outcomeOf(`@cohort/${adapter}`, report));
      }),
    );
    const took = outcomes.flat().map(({ runtime }) => runtime);
    const absent = (env["COHORT_ENGINES"] ?? "").split(",").filter((name) => name !== "" && !took.includes(name));
    for (const name of absent) console.log(`  ✗ COHORT_ENGINES demands ${name}, which isn't on this machine`);
    const sum = (key: "passed" | "failed"): number => outcomes.flat().reduce((all, { [key]: one }) => all + one, 0);
    return {
      passed: sum("passed"),
      failed: sum("failed") + absent.length,
      ...(leftOut.length > 0 ? { note: `left out: ${leftOut.join(", ")}` } : {}),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The runtimes that npm has, by the variables that the command reads. */
async function runtimesHere(leftOut: string[]): Promise<Record<string, string>> {
  const wanted = {
    bun: () => runtimeFromNpm("bun", root, here.env),
    deno: () => runtimeFromNpm("deno", root, here.env),
    workerd: () => runtimeFromNpm("workerd", root, here.env),
    chromium: () => chromium(root, here.env),
  };
  const found: Record<string, string> = {};
  for (const [name, get] of Object.entries(wanted)) {
    try {
      found[`COHORT_${name.toUpperCase()}`] = await get();
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
}

function outcomeOf(
  adapter: string,
  { runtime, counts, problems, cases }: Report,
): Outcome & { readonly runtime: string } {
  const failed = counts.fail + counts.fixed + counts.error + problems.length;
  console.log(
    `  ${failed === 0 ? "✓" : "✗"} ${adapter} on ${runtime.name} ${runtime.version}: ${counts.pass} passed, ${failed} failed, ${counts.skip + counts.known} skipped with a reason`,
  );
  const isFault = ({ status }: { readonly status: string }): boolean => ["fail", "fixed", "error"].includes(status);
  const faults = cases.filter(isFault).map(({ id, message = "" }) => `${id}: ${message}`);
  for (const line of [...problems, ...faults]) console.log(line.replaceAll(/^/gm, "      "));
  return { runtime: runtime.name, passed: counts.pass, failed };
}
