import type { Scope } from "@cohort/workers";
import type { AuditEntry } from "./audit.ts";
import { optionalPart } from "./optional-part.ts";
import type { MissingPart } from "./part.ts";
import type { Plan } from "./plan.ts";
import type { Settings } from "./settings.ts";
import { Shop } from "./shop.ts";
import { Subrequests } from "./subrequests.ts";
import { withPulse } from "./with-pulse.ts";

/**
 * Ms of silence after which a line says what is still waited for. It is more than a courtesy: where a client's leaving
 * isn't signalled, writing to it is the only way to notice.
 */
const PULSE_MS = 250;

/**
 * The parts as lines of JSON, each as soon as it is there, and a last line that says what is missing. The head of the
 * answer has gone by then, so there is no part that it can't do without: each has the whole deadline.
 *
 * If the lines are left early, what is open is cancelled. `onEnd` is told how it ended, also then.
 */
export async function* productLines(
  scope: Scope,
  plan: Plan,
  settings: Settings,
  onEnd: (how: Pick<AuditEntry, "status" | "missing">) => void,
): AsyncGenerator<string, void, undefined> {
  const waitingFor = new Set(plan.parts);
  const missing: MissingPart[] = [];
  let status: AuditEntry["status"] = 499;
  try {
    await using subrequests = new Subrequests(scope, plan.ray, settings.limit);
    const shop = new Shop(plan, settings, subrequests);
    const fns = plan.parts.map((part) => (task: Scope) => optionalPart(part, plan.deadline, shop.parts[part], task));
    for await (const outcome of withPulse(scope.asCompleted(fns, { name: `product ${plan.sku}` }), PULSE_MS, scope)) {
      if (outcome === undefined) {
        yield line({ waitingFor: [...waitingFor] });
        continue;
      }
      // Upstreams' failures are results by now: this is a mistake of this program.
      if (outcome.status === "rejected") throw outcome.reason;
      const result = outcome.value;
      waitingFor.delete(result.part);
      if ("missing" in result) missing.push(result.missing);
      yield line(result);
    }
    yield line({ sku: plan.sku, done: true, missing });
    status = 200;
  } catch (error) {
    if (!scope.isCancellation(error)) status = 500;
    throw error;
  } finally {
    onEnd({ status, missing: missing.map(({ part }) => part) });
  }
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
