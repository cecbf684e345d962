import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { conformance } from "@cohort/conformance/vitest";
import target from "./conformance-target.ts";

// Some cases look at what is kept, and vitest's workers have no gc().
setFlagsFromString("--expose-gc");
Object.assign(globalThis, { gc: runInNewContext("gc") });

await conformance(target);
