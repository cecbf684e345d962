import { bun } from "./bun.ts";
import { chromium } from "./chromium.ts";
import { deno } from "./deno.ts";
import { firefox } from "./firefox.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { node } from "./node.ts";
import { webkit } from "./webkit.ts";
import { workerd } from "./workerd.ts";

/** Every runtime that the suite can be carried into. */
export const runtimes: readonly HostRuntime[] = [node, bun, deno, workerd, chromium, firefox, webkit];
