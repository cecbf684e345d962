import { readFile } from "node:fs/promises";
import { capture } from "../setup/child.mjs";
import { here } from "./repository.ts";
import { type Outcome, type Suite } from "./suite.ts";

/** The part of turbo's run summary that is read here. */
interface Summary {
  readonly tasks: readonly { readonly task: string; readonly execution?: { readonly exitCode: number } }[];
}

/** The type checks of every package, of its tests and its type tests (`*.test-d.ts`): one check a package. */
export const types: Suite = { name: "types", run: checkTypes };

async function checkTypes(): Promise<Outcome> {
  const args = ["run", "check:types", "--continue=always", "--summarize"];
  const { ok, ending, output } = await capture("turbo", args, here);
  if (!ok) console.log(output);
  const file = /^Summary:\s+(.+)$/m.exec(output)?.[1];
  if (file === undefined) throw new Error(`turbo ${ending} without a summary`);
  const { tasks } = JSON.parse(await readFile(file, "utf8")) as Summary;
  const checks = tasks.filter(({ task }) => task === "check:types");
  const passed = checks.filter(({ execution }) => execution?.exitCode === 0).length;
  return { passed, failed: checks.length - passed };
}
