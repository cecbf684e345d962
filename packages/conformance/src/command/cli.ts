#!/usr/bin/env node
import { constants } from "node:os";
import { type Job, parseArguments } from "./arguments.ts";
import { BadUsage } from "./bad-usage.ts";
import { exitCodes } from "./exit-codes.ts";
import { drive } from "./drive.ts";
import { fuzzCommand } from "./fuzz.ts";
import { list } from "./list.ts";
import { run } from "./run.ts";

/** An interrupt ends what was started, then this. */
function untilSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      process.exitCode = 128 + constants.signals[name];
      controller.abort(new Interrupted());
    });
  }
  return controller.signal;
}

class Interrupted extends Error {
  override readonly name = "Interrupted";
}

function start(job: Job, signal: AbortSignal): Promise<number> {
  switch (job.kind) {
    case "run":
      return run(job, signal);
    case "list":
      return list(job.only);
    case "drive":
      return drive(job.implementation);
    case "fuzz":
      return fuzzCommand(job, signal);
  }
}

// Whoever reads the report may go away (`| head`): then there is nothing to complain of.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

try {
  const job = parseArguments(process.argv.slice(2));
  if (job !== undefined) process.exitCode = await start(job, untilSignal());
} catch (error) {
  if (error instanceof BadUsage) {
    process.stderr.write(`cohort-conformance: ${error.message}\n`);
    process.exitCode = exitCodes.badUsage;
  } else if (!(error instanceof Interrupted)) {
    throw error;
  }
}
