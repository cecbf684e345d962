// As a namespace: a workerd of before August 2025 has no such export, and an import of it by name would stop the Worker.
import * as workers from "cloudflare:workers";

/** Keeps alive the request that the caller runs in. */
export const waitUntil: ((promise: Promise<unknown>) => void) | undefined = workers.waitUntil;
