import { background } from "@cohort/workers";
import type { PartName } from "./part.ts";
import type { Settings } from "./settings.ts";
import { UpstreamError } from "./upstream-error.ts";

/** One line of the audit log. */
export interface AuditEntry {
  readonly ray: string;
  readonly path: string;
  /** 499 where the client left before it had the whole answer. */
  readonly status: number;
  /** The parts that the answer lacks. */
  readonly missing: readonly PartName[];
}

const AUDIT_MS = 5000;

/** Writes the entry without making the client wait: the request is kept alive for it, and its failure is logged with the task's name. */
export function audit(entry: AuditEntry, settings: Settings): void {
  background((task) => task.failAfter(AUDIT_MS, ({ signal }) => write(entry, settings.audit, signal)), {
    name: "audit",
  });
}

async function write(entry: AuditEntry, base: URL, signal: AbortSignal): Promise<void> {
  const url = new URL("entries", base);
  const body = JSON.stringify({ at: new Date().toISOString(), ...entry });
  const headers = { "content-type": "application/json", "x-request-id": entry.ray };
  const response = await fetch(url, { method: "POST", body, headers, signal });
  await response.body?.cancel();
  if (!response.ok) throw new UpstreamError("audit", `answered ${response.status}`, url, { status: response.status });
}
