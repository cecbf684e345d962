import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { firstFile } from "../runtimes/find.ts";
import type { ConformanceTarget } from "../target.ts";
import { targetOf } from "../target-of.ts";
import { BadUsage } from "./bad-usage.ts";

/** The implementation that a file exports, loaded into this very process. */
export async function loadTarget(file: string): Promise<ConformanceTarget> {
  const path = resolve(file);
  if (firstFile([path]) === undefined) throw new BadUsage(`there is no file ${file}`);
  let module: object;
  try {
    module = (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new BadUsage(`${file} can't be loaded: ${why.replaceAll(/\s*\n\s*/g, " ")}`, { cause: error });
  }
  return targetOf(module, file);
}
