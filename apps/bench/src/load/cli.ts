import { fileURLToPath } from "node:url";
import { main } from "@cohort/node";
import { Command, InvalidArgumentError, Option } from "commander";
// @boundaries-ignore the runtimes are the repository's tools
import { environment } from "../../../../tooling/setup/environment.mjs";
// @boundaries-ignore the runtimes are the repository's tools
import { runtimeFromNpm } from "../../../../tooling/setup/runtimes.mjs";
import { Progress } from "../progress.ts";
import { faultsOf } from "./faults.ts";
import { growthOf } from "./growth.ts";
import { hostRuntime, RUNTIME_NAMES, type RuntimeName } from "./host-runtime.ts";
import { load, type LoadOptions, type LoadResult } from "./load.ts";
import { record } from "./record.ts";
import { reportOf } from "./report.ts";

interface Options extends LoadOptions {
  readonly runtime: readonly RuntimeName[];
  readonly json?: boolean;
  readonly record?: boolean;
}

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const { runtime: names, json = false, record: isRecorded = false, ...options } = optionsOf(process.argv);

await main(async (group) => {
  const progress = new Progress();
  const results: LoadResult[] = [];
  let isWell = true;
  for (const name of names) {
    const executable = name === "node" ? process.execPath : await runtimeFromNpm(name, root, environment(root));
    const runtime = await hostRuntime(name, executable, import.meta.url);
    const at = (sent: number): string =>
      `${name}: ${sent.toLocaleString("en")} of ${options.requests.toLocaleString("en")}`;
    progress.step(at(0), "the first round");
    const result = await load(runtime, options, group, ({ sent, open }) =>
      progress.step(at(sent), `${open} handlers open`),
    );
    progress.clear();
    const faults = faultsOf(result);
    results.push(result);
    isWell &&= faults.length === 0;
    if (json) continue;
    console.log(reportOf(result));
    const unjudged = (["heap", "rss"] as const).filter((what) => growthOf(result.points, what).most === Infinity);
    if (unjudged.length > 0) console.log(`not judged, for it takes more rounds or requests: ${unjudged.join(", ")}`);
    console.log(faults.length === 0 ? "all is well\n" : `${faults.map((fault) => `✗ ${fault}`).join("\n")}\n`);
  }
  if (isRecorded) await record(results, new URL("../..", import.meta.url));
  if (json) console.log(JSON.stringify(results.map(withFaults), undefined, 2));
  if (!isWell) process.exitCode = 1;
});

function withFaults(result: LoadResult): LoadResult & { readonly faults: readonly string[] } {
  return { ...result, faults: faultsOf(result) };
}

function optionsOf(argv: readonly string[]): Options {
  return new Command("cohort-load")
    .description(
      "Puts a server on each runtime, each request in a group of its own, under load with clients that go away, and says whether anything is left behind.",
    )
    .addOption(new Option("--runtime <names...>", "which servers").choices(RUNTIME_NAMES).default([...RUNTIME_NAMES]))
    .option("--requests <n>", "in all, for each server; every tenth client goes away", wholeNumber, 100_000)
    .option("--rounds <n>", "the server is looked at after each", wholeNumber, 10)
    .option("--connections <n>", "of clients that stay", wholeNumber, 50)
    .option("--json", "print one JSON document instead of tables")
    .option("--record", "keep the reports in the repository, and make the table of the README from them")
    .addHelpText("after", "\nIt ends with 0 if all is well and 1 if something isn't. Everything happens on 127.0.0.1.")
    .parse(argv)
    .opts<Options>();
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number is needed, 1 or more.");
  return Number(text);
}
