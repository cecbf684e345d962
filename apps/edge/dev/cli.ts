import { parseArguments } from "./arguments.ts";
import { BadInput } from "./bad-input.ts";
import { freePort } from "./free-port.ts";

const EXIT_BAD_INPUT = 2;
/** As a shell says it of a program that SIGPIPE ended. */
const EXIT_OUTPUT_CLOSED = 141;

process.stdout.on("error", () => (process.exitCode = EXIT_OUTPUT_CLOSED));
process.stderr.on("error", () => undefined);

try {
  const options = parseArguments(process.argv.slice(2));
  if (options !== undefined) {
    const port = await freePort(options.port);
    // Only now: esbuild and miniflare take their time to load, and bad input needs neither.
    const { run } = await import("./run.ts");
    await run({ ...options, port });
  }
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  // What the user got wrong is one line, not a stack.
  process.stderr.write(`edge: ${error.message}\n`);
  process.exitCode = EXIT_BAD_INPUT;
}
