import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { Env } from "../src/settings.ts";

/** What the local runner needs of wrangler.jsonc, so that what runs here is what is deployed. */
export interface WranglerConfig {
  readonly name: string;
  readonly main: string;
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly vars: Env;
}

const FILE = fileURLToPath(new URL("../wrangler.jsonc", import.meta.url));

export async function readWranglerConfig(): Promise<WranglerConfig> {
  const errors: ParseError[] = [];
  const config = parse(await readFile(FILE, "utf8"), errors, { allowTrailingComma: true }) as WranglerConfig;
  const [error] = errors;
  if (error !== undefined) throw new Error(`${FILE}: ${printParseErrorCode(error.error)} at ${error.offset}`);
  return config;
}
