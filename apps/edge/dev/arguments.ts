import { Command, CommanderError, InvalidArgumentError } from "commander";
import { BadInput } from "./bad-input.ts";

export interface Options {
  /** `undefined`: the usual one, or any that is free. */
  readonly port: number | undefined;
  readonly json: boolean;
}

/** What the command line asks for; `undefined` if it was `--help`, which has been printed. */
export function parseArguments(argv: readonly string[]): Options | undefined {
  const command = new Command("npm run edge --")
    .description(
      "Runs the shop gateway in workerd on this machine, with upstreams that it serves itself: some are slow, some fail, one hangs.",
    )
    .option(
      "-p, --port <n>",
      "where to listen on 127.0.0.1; 0 for any that is free (default: 8787 if that is free)",
      port,
    )
    .option("--json", "print what is there, and then each request that reaches an upstream, as lines of JSON")
    .helpOption("-h, --help", "print this")
    .addHelpText("after", "\nIt runs until Ctrl-C, and then exits with 130. Bad input exits with 2.")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new BadInput(error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "));
  }
  const given = command.opts<{ port?: number; json?: true }>();
  return { port: given.port, json: given.json ?? false };
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
}
