import { connect } from "node:net";
import type { Scope } from "@cohort/node";
import type { Path } from "./answer.ts";

/** When a client goes away, and whether its answer can't have been given by then. */
const LEAVERS = [
  { path: "/never", after: "asking", isCutShort: true },
  { path: "/stream", after: "the first bytes", isCutShort: true },
  { path: "/gather", after: "asking", isCutShort: false },
  { path: "/later", after: "the first bytes", isCutShort: false },
] as const satisfies readonly { path: Path; after: "asking" | "the first bytes"; isCutShort: boolean }[];

/** Up to so many ms pass between asking and leaving, so that servers are met in every state. */
const SPREAD_MS = 10;

/** Is the answer to the `n`th client that leaves certainly not at its end by then? */
export function isCutShort(n: number): boolean {
  return leaverOf(n).isCutShort;
}

function leaverOf(n: number): (typeof LEAVERS)[number] {
  return LEAVERS[n % LEAVERS.length] as (typeof LEAVERS)[number];
}

/** The `n`th client that doesn't wait for the end of its answer. */
export async function leave(n: number, port: number, scope: Scope): Promise<void> {
  const { path, after } = leaverOf(n);
  const socket = connect(port, "127.0.0.1");
  try {
    const asked = new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`, () => resolve());
    });
    const answered = new Promise<void>((resolve) => void socket.once("data", () => resolve()).once("close", resolve));
    await scope.abortable(asked);
    if (after === "asking") await scope.sleep(n % SPREAD_MS);
    else await scope.abortable(answered);
  } finally {
    // Every other one slams the door.
    if (n % 8 < LEAVERS.length) socket.destroy();
    else socket.resetAndDestroy();
  }
}
