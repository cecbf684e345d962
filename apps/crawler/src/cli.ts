#!/usr/bin/env node
import { main } from "./cohort.ts";
import { type Options, parseArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";
import { exitCodes } from "./exit-codes.ts";
import { Output } from "./output.ts";
import { session } from "./session.ts";

/** What the user got wrong is one line, not a stack. */
async function orBadInput<T>(step: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`cohort-crawl: ${error.message}\n`);
    process.exitCode = exitCodes.badInput;
    return undefined;
  }
}

async function crawl(options: Options): Promise<void> {
  const output = new Output(process.stdout);
  await main((group) =>
    orBadInput(async () => {
      process.exitCode = await session(group, options, output);
      await output.flushed();
    }),
  );
  if (output.closed) process.exitCode = exitCodes.outputClosed;
}

// With `2>&1 | head` this one is closed as well; the report's end is enough to stop.
process.stderr.on("error", () => undefined);

const options = await orBadInput(() => parseArguments(process.argv.slice(2)));
if (options) await crawl(options);
