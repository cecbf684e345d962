import type { For } from "@cohort/core";
import { virtualRuntime } from "../virtual-runtime.ts";

/** Somebody for whom a random program waits, and whom it may cancel. */
export interface Who {
  readonly scope: For | null;
  readonly reason: Error;
  isCancelled: boolean;
  /** Does nothing for nobody. */
  cancel(): void;
}

/** How many `everybody()` gives. */
export const WHO = 6;

/** Nobody, and one of each sort of scope and signal that one can wait for. */
export function everybody(): readonly Who[] {
  const { openTaskGroup } = virtualRuntime();
  return Array.from({ length: WHO }, (_, n) => {
    const controller = new AbortController();
    const reason = new Error(`stop ${n}`);
    const { signal } = controller;
    const scope = [null, signal, signal, openTaskGroup({ signal }), openTaskGroup({ signal }).signal, signal][n];
    const who: Who = {
      scope: scope as For | null,
      reason,
      isCancelled: false,
      cancel() {
        if (who.scope === null) return;
        who.isCancelled = true;
        controller.abort(reason);
      },
    };
    return who;
  });
}
