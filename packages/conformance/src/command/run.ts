import { readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { type KnownFailures, knownFailures } from "../known-failures.ts";
import { isClean, type Report } from "../report.ts";
import { render } from "../reporters/reporters.ts";
import { firstFile, type Search } from "../runtimes/find.ts";
import type { Message } from "../runtimes/message.ts";
import { runIn } from "../runtimes/run-in.ts";
import { runtimes } from "../runtimes/runtimes.ts";
import type { RunOptions } from "./arguments.ts";
import { BadUsage } from "./bad-usage.ts";
import { coloursFor } from "./colours.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Progress, progressOn } from "./progress.ts";
import { runDriver } from "./run-driver.ts";
import { usable } from "./usable.ts";

/** Runs the suite where it was asked for, and reports. Gives the exit code. */
export async function run(options: RunOptions, signal: AbortSignal): Promise<number> {
  const { implementation, reporter, output, color } = options;
  const known = await readKnown(options.known);
  const progress = progressOn(process.stderr);
  const isMissing: string[] = [];
  const reports = await usable(async () =>
    "driver" in implementation
      ? [await runDriver(implementation.driver, options, known, progress, signal)]
      : everywhere(implementation.file, options, known, progress, isMissing, signal),
  ).finally(() => progress.stop());
  for (const line of isMissing) process.stderr.write(`cohort-conformance: ${line}\n`);
  if (reports.length > 0) {
    const isShown = output === undefined;
    const text = render(reporter, reports, coloursFor(isShown ? process.stdout : {}, color));
    if (isShown) process.stdout.write(text);
    else await writeFile(output, text).catch(unwritable(output));
  }
  if (isMissing.length > 0 && options.runtimes !== undefined) return exitCodes.badUsage;
  if (reports.length === 0) return exitCodes.badUsage;
  return reports.every(isClean) ? exitCodes.clean : exitCodes.failed;
}

/** One runtime after the other. Those that aren't found are left out, and named. */
async function everywhere(
  given: string,
  options: RunOptions,
  known: KnownFailures,
  progress: Progress,
  isMissing: string[],
  signal: AbortSignal,
): Promise<readonly Report[]> {
  const { only, patience, compatibility } = options;
  const path = resolve(given);
  if (firstFile([path]) === undefined) throw new BadUsage(`there is no file ${given}`);
  const search: Search = { env: process.env, from: [process.cwd(), dirname(path)], node: options.node };
  const reports: Report[] = [];
  for (const runtime of runtimes) {
    if (options.runtimes?.includes(runtime.name) === false) continue;
    const executable = await runtime.find(search);
    if (executable === undefined) {
      isMissing.push(`${runtime.name} is left out, since it isn't found; wanted: ${runtime.wanted}`);
      continue;
    }
    progress.start(runtime.name);
    const file = relative(process.cwd(), path);
    const errand = { implementation: path, file, only, known, patience, compatibility, signal };
    reports.push(
      await runIn(runtime, executable, {
        ...errand,
        onMessage: (message) => show(message, progress),
      }),
    );
    progress.stop();
  }
  return reports;
}

function show(message: Message, progress: Progress): void {
  if ("begin" in message) progress.setTotal(message.cases.length);
  else if ("case" in message) progress.begin(message.case);
  else if ("result" in message) progress.done(["pass", "skip", "known"].includes(message.result.status));
}

async function readKnown(file: string | undefined): Promise<KnownFailures> {
  if (file === undefined) return {};
  try {
    return knownFailures(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new BadUsage(`--known ${file} can't be used: ${(error as Error).message}`);
  }
}

function unwritable(file: string): (error: Error) => never {
  return (error) => {
    throw new BadUsage(`--output ${file} can't be written: ${error.message}`);
  };
}
