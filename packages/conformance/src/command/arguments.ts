import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type ReporterName, reporterNames } from "../reporters/reporters.ts";
import type { Compatibility, RuntimeName } from "../runtimes/host-runtime.ts";
import { runtimes } from "../runtimes/runtimes.ts";
import { SUITE_VERSION } from "../versions.ts";
import { BadUsage } from "./bad-usage.ts";
import { exitCodesHelp } from "./exit-codes.ts";

/** What the command line asks for. */
export type Job =
  | ({ readonly kind: "run" } & RunOptions)
  | { readonly kind: "list"; readonly only: readonly string[] }
  | { readonly kind: "drive"; readonly implementation: string }
  | ({ readonly kind: "fuzz" } & FuzzOptions);

export interface RunOptions {
  /** A module, or the command line of a driver. */
  readonly implementation: { readonly file: string } | { readonly driver: string };
  /** Undefined: every one that is found. */
  readonly runtimes: readonly RuntimeName[] | undefined;
  readonly only: readonly string[];
  readonly reporter: ReporterName;
  readonly output: string | undefined;
  readonly known: string | undefined;
  readonly node: string;
  /** Of a Worker. */
  readonly compatibility: Compatibility;
  /** In ms. */
  readonly patience: number;
  readonly color: boolean;
}

export interface FuzzOptions {
  readonly implementation: string;
  readonly runs: number;
  readonly seed: number | undefined;
  readonly python: string | undefined;
}

interface Given {
  readonly driver?: string;
  readonly runtime?: readonly RuntimeName[] | "all";
  readonly only?: readonly string[];
  readonly reporter: ReporterName;
  readonly output?: string;
  readonly known?: string;
  readonly list?: true;
  readonly node?: string;
  readonly compatibilityDate?: string;
  readonly compatibilityFlags?: readonly string[];
  readonly patience: number;
  readonly color: boolean;
}

const NAMES: readonly RuntimeName[] = runtimes.map(({ name }) => name);

/** What the command line asks for; undefined if it was `--help` or `--version`, which has been printed. */
export function parseArguments(argv: readonly string[]): Job | undefined {
  let job: Job | undefined;
  const command = describe((asked) => (job = asked));
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new BadUsage(error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "));
  }
  return job;
}

function describe(asked: (job: Job) => void): Command {
  const program = new Command("cohort-conformance")
    .description("Says whether an implementation of task groups keeps the specification.")
    .argument("[implementation]", "a module whose default export, or `target`, is a ConformanceTarget")
    .option("--driver <command>", "run the scenarios on a program that speaks the driver protocol, in any language")
    .option("--runtime <names>", `where to run: all, or some of ${NAMES.join(",")} (default: node)`, runtimeNames)
    .option("--only <ids>", "sections, clauses or cases: LC,CA-4,FF-*.first", words)
    .addOption(new Option("--reporter <name>", "how to report").choices(reporterNames).default("spec"))
    .option("--output <file>", "write the report into a file")
    .option("--known <file>", 'known failures, in JSON: { "LC-1.body-value": "why" }')
    .option("--list", "list the cases: id, level, title")
    .option("--node <path>", "which Node to run on (default: the one in use)")
    .option("--compatibility-date <date>", "that of the Worker in workerd (default: the day of its release)", day)
    .option("--compatibility-flags <flags>", "those of the Worker in workerd: nodejs_als,…", words)
    .option("--patience <seconds>", "give a runtime up that is silent for so long", seconds, 60_000)
    .addOption(new Option("--no-color", "no colours (NO_COLOR and FORCE_COLOR are heard too)"))
    .version(SUITE_VERSION, "-V, --version")
    .addHelpText("after", `\n${exitCodesHelp}\n\n${notes()}`)
    .action((file: string | undefined, given: Given) => asked(jobOf(file, given)));
  program
    .command("drive")
    .description("serve the driver protocol on standard input and output for a JavaScript implementation")
    .argument("<implementation>")
    .action((implementation: string) => asked({ kind: "drive", implementation }));
  program
    .command("fuzz")
    .description("run random programs on CPython's asyncio and on an implementation, and show where they differ")
    .argument("<implementation>")
    .option("--runs <n>", "how many programs", positiveNumber, 1000)
    .option("--seed <n>", "which programs; the same seed gives the same", wholeNumber)
    .option("--python <path>", "a Python of 3.11 or newer (default: what is found)")
    .action((implementation: string, given: Omit<FuzzOptions, "implementation">) =>
      asked({ kind: "fuzz", implementation, ...{ seed: undefined, python: undefined }, ...given }),
    );
  for (const each of [program, ...program.commands]) each.exitOverride().configureOutput({ writeErr: () => undefined });
  return program;
}

function jobOf(file: string | undefined, given: Given): Job {
  const { driver, runtime = ["node"], only = [], list, output, known, node = process.execPath, ...others } = given;
  const { compatibilityDate: date, compatibilityFlags: flags = [], ...rest } = others;
  if (list === true) return { kind: "list", only };
  if (file === undefined && driver === undefined)
    throw new BadUsage("an implementation is needed: cohort-conformance ./my-implementation.js (or --list, --help)");
  if (file !== undefined && driver !== undefined) throw new BadUsage("--driver takes the place of an implementation");
  if (driver !== undefined && given.runtime !== undefined)
    throw new BadUsage("--driver says itself where it runs: it can't be combined with --runtime");
  return {
    ...rest,
    kind: "run",
    implementation: driver === undefined ? { file: file ?? "" } : { driver },
    runtimes: runtime === "all" ? undefined : runtime,
    only,
    output,
    known,
    node,
    compatibility: { date, flags },
  };
}

function notes(): string {
  const wanted = runtimes.map(({ name, wanted: how }) => `  ${name.padEnd(9)} ${how}`);
  return `The implementation is bundled with the suite and carried into each runtime. What is needed to find it:\n${wanted.join("\n")}`;
}

function runtimeNames(text: string): readonly RuntimeName[] | "all" {
  if (text === "all") return text;
  return [...new Set(words(text))].map((word) => {
    const name = NAMES.find((each) => each === word);
    if (name === undefined)
      throw new InvalidArgumentError(`There is no runtime ${word}; there are: ${NAMES.join(", ")}.`);
    return name;
  });
}

/** Separated by commas, or the option given again. */
function words(text: string, before: readonly string[] = []): readonly string[] {
  const given = text.split(",").map((word) => word.trim());
  if (given.includes("")) throw new InvalidArgumentError("One word or more is needed, with commas in between.");
  return [...before, ...given];
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new InvalidArgumentError("A date is needed, such as 2026-07-30.");
  return text;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError("Seconds are needed, more than 0.");
  return value * 1000;
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw new InvalidArgumentError("A whole number is needed.");
  return Number(text);
}

function positiveNumber(text: string): number {
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number is needed, 1 or more.");
  return Number(text);
}
