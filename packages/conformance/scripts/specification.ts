// Makes SPEC.md of spec.json. See --help.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Specification } from "../src/specification.ts";
import { acceptTexts } from "./clause-digest.ts";
import { renderSpecification } from "./render-specification.ts";
import { textFaults } from "./specification-faults.ts";

const USAGE = `node scripts/specification.ts [--accept] [--publish]

Writes SPEC.md from spec.json, once the document is right by itself.

  --accept   take the texts of spec.json as they are: each clause whose text has changed gets its digest, and a new
             revision, at which its cases have to follow
  --publish  add the ids of all cases to published-ids.json, from which none is ever taken away`;

const { accept, publish, help } = options();
const room = join(import.meta.dirname, "..");
if (help) console.log(USAGE);
else await generate();

function options(): { accept: boolean; publish: boolean; help: boolean } {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ options: { accept: flag, publish: flag, help: flag } }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function generate(): Promise<void> {
  const file = join(room, "spec.json");
  const before = JSON.parse(readFileSync(file, "utf8")) as Specification;
  const spec = accept ? acceptTexts(before) : before;
  const faults = textFaults(spec);
  if (faults.length > 0) {
    console.error(faults.join("\n"));
    process.exitCode = 1;
    return;
  }
  if (accept) writeJson(file, spec);
  writeFileSync(join(room, "SPEC.md"), renderSpecification(spec));
  if (publish) await publishIds();
}

async function publishIds(): Promise<void> {
  // Only now: the document can be made although a case doesn't load.
  const { everyCase } = await import("../src/every-case.ts");
  const file = join(room, "published-ids.json");
  const published = JSON.parse(readFileSync(file, "utf8")) as string[];
  writeJson(file, [...new Set([...published, ...everyCase.map(({ id }) => id)])].sort());
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
