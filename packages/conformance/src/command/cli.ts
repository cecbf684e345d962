#!/usr/bin/env node
import { constants } from "node:os";
import { type Job, parseArguments } from "./arguments.ts";
import { BadUsage } from "./bad-usage.ts";
import { exitCodes } from "./exit-codes.ts";
import { drive } from "./drive.ts";
import { fuzzCommand } from "./fuzz.ts";
import { list } from "./list.ts";
import { run } from "./run.ts";

/** An interrupt ends what was started, then this. What starts nothing is ended by the system, as any program. */
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

function start(job: Job): Promise<number> {
  switch (job.kind) {
    case "run":
      return run(job, untilSignal());
    case "list":
      return list(job.only);
    case "drive":
      return drive(job.implementation);
    case "fuzz":
      return fuzzCommand(job, untilSignal());
  }
}

// Whoever reads the report may go away (`| head`): then there is nothing to complain of.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = exitCodes.badUsage;
    if (stream !== process.stderr)
      process.stderr.write(`cohort-conformance: the report can't be written: ${error.message}\n`);
  });
}

try {
  const job = parseArguments(process.argv.slice(2));
  if (job !== undefined) process.exitCode = (await start(job)) || process.exitCode;
} catch (error) {
  if (error instanceof BadUsage) {
    process.stderr.write(`cohort-conformance: ${error.message}\n`);
    process.exitCode = exitCodes.badUsage;
  } else if (!(error instanceof Interrupted)) {
    throw error;
  }
}
