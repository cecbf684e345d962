import { connect } from "node:net";
import type { Scope } from "@cohort/node";
import type { Path } from "./answer.ts";

/** When a client goes away. */
const LEAVERS = [
  { path: "/never", after: "asking" },
  { path: "/stream", after: "the first bytes" },
  { path: "/gather", after: "asking" },
  { path: "/later", after: "the first bytes" },
] as const satisfies readonly { path: Path; after: "asking" | "the first bytes" }[];

/** Up to so many ms pass between asking and leaving, so that servers are met in every state. */
const SPREAD_MS = 10;

/** The `n`th client that doesn't wait for the end of its answer. */
export async function leave(n: number, port: number, scope: Scope): Promise<void> {
  const { path, after } = LEAVERS[n % LEAVERS.length] as (typeof LEAVERS)[number];
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
