import { describe, test } from "vitest";
import { type CommandOptions, type Ended, type Running, start } from "./command.ts";
import { runtimes } from "./runtimes.ts";

/** The command on one runtime. */
export interface Crawler {
  readonly start: (args: readonly string[], options?: Omit<CommandOptions, "runtime">) => Running;
  readonly run: (args: readonly string[], options?: Omit<CommandOptions, "runtime">) => Promise<Ended>;
}

/** Declares the same tests for each runtime; one that can't be had is skipped, with the reason in its name. */
export function onEveryRuntime(declare: (crawler: Crawler) => void): void {
  for (const runtime of runtimes) {
    if ("why" in runtime) {
      describe.skip(`on ${runtime.name}`, () => test(runtime.why, () => undefined));
      continue;
    }
    const startOn: Crawler["start"] = (args, options) => start(args, { ...options, runtime });
    describe(`on ${runtime.name} ${runtime.version}`, () => {
      declare({ start: startOn, run: (args, options) => startOn(args, options).ended });
    });
  }
}
