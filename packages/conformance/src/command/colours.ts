import picocolors from "picocolors";
import type { Colours } from "../reporters/spec.ts";

/** Colours only where somebody sees them: a terminal, or by request (https://no-color.org, https://force-color.org). */
export function coloursFor(
  stream: { readonly isTTY?: boolean | undefined },
  wanted: boolean,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Colours {
  return picocolors.createColors(wanted && seesColours(stream, env));
}

function seesColours(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
