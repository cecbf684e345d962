// A driver for the reference, as a process: what the suite's own tests speak to.
import { createInterface } from "node:readline";
import { serve } from "../../src/driver/serve.ts";
import reference from "../reference-target.ts";

const target = { ...reference, capabilities: { "option.limit": "not today" } };
const lines = createInterface({ input: process.stdin });
await serve(target, lines, (line) => void process.stdout.write(`${line}\n`));
lines.close();
