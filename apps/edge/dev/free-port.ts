import { createServer } from "node:net";
import { BadInput } from "./bad-input.ts";

/** Wrangler's, so that people find it where they look for it. */
const USUAL = 8787;

/** The port to listen on: the one asked for, or the usual one if it's free, or any (0). */
export async function freePort(wanted: number | undefined): Promise<number> {
  const trouble = await tryPort(wanted ?? USUAL);
  if (trouble === undefined) return wanted ?? USUAL;
  if (wanted === undefined) return 0;
  const why = trouble === "EADDRINUSE" ? "is taken" : `can't be listened on (${trouble})`;
  throw new BadInput(`port ${wanted} ${why}; --port 0 takes any that is free`);
}

/** Tried here, because workerd says it in a screenful of its own. The code of what went wrong, if anything did. */
async function tryPort(port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  await new Promise((resolve) => server.close(resolve));
  return undefined;
}
