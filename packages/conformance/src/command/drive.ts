import { createInterface } from "node:readline";
import { serve } from "../driver/serve.ts";
import { exitCodes } from "./exit-codes.ts";
import { loadTarget } from "./load-target.ts";
import { usable } from "./usable.ts";

/** Answers the driver protocol on standard input and output, until it is told to stop. */
export async function drive(implementation: string): Promise<number> {
  await usable(async () => {
    const target = await loadTarget(implementation);
    // Taken now: what an implementation prints is no answer.
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = process.stderr.write.bind(process.stderr);
    // Asked for at once: lines that come before there is somebody who takes them would be lost.
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    await serve(target, lines, (line) => void write(`${line}\n`));
  });
  process.stdin.destroy();
  return exitCodes.clean;
}
