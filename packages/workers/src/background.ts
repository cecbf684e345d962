import { type Body, InvalidStateError, type TaskGroup, type TaskInfo } from "@cohort/core";
import { waitUntil } from "#wait-until";
import { Budget, type BudgetOptions } from "./budget.ts";
import { taskGroup } from "./functions.ts";
import { keepAlive } from "./keeps-alive.ts";
import { infoOf, reportFailures } from "./report.ts";

export interface BackgroundOptions extends BudgetOptions {
  readonly name: string;
}

/**
 * Runs a function as a task group that nobody waits for and that outlives the response (RT-5): the request that it is
 * called in is kept alive for it. What fails is reported by the name and path of its task. It needs no `ctx`.
 *
 * The waitUntil budget begins with the call, since nothing here knows when the response will be sent: `cleanup` ms before
 * its end the group is cancelled with a `TimeoutError`, and a warning names what was open. In a `handler`,
 * `group.createTask` does the same under the request's own group, and counts from the response.
 *
 * Throws an InvalidStateError, and doesn't call `fn`, outside of a request, or where the program was bundled without the
 * condition "workerd"; a RangeError or a TypeError for a budget that is none. Trio: a nursery that outlives its request.
 *
 * @example
 * ```ts
 * background((group) => group.gather([log, count]), { name: "audit" });
 * return new Response("ok");
 * ```
 */
export function background(fn: Body<TaskGroup, unknown>, options: BackgroundOptions): void {
  if (typeof fn !== "function") throw new TypeError(`background needs a function, not ${typeof fn}`);
  if (typeof options?.name !== "string")
    throw new TypeError("background needs a name: nobody else will tell who failed");
  const { name } = options;
  const budget = new Budget(options);
  const letGo = keptByCaller(name);
  const controller = new AbortController();
  const { signal } = controller;
  let info: TaskInfo | undefined;
  let stopBudget: (() => void) | undefined;
  const over = taskGroup({ name, signal, grace: budget.grace }, async (group) => {
    info = infoOf(group);
    stopBudget = budget.start(group, (reason) => controller.abort(reason));
    await Promise.resolve(); // The caller goes on first: it has a response to give.
    await fn(group);
  });
  over
    .catch((error: unknown) => {
      // The end of the budget has been named by a warning.
      if (error !== signal.reason) reportFailures(error, info);
    })
    .finally(() => {
      stopBudget?.();
      letGo();
    });
}

function keptByCaller(name: string): () => void {
  if (waitUntil === undefined) {
    throw new InvalidStateError(
      `background task "${name}": "cloudflare:workers" isn't there; bundle for workerd, with its condition "workerd"`,
    );
  }
  try {
    return keepAlive({ waitUntil });
  } catch (cause) {
    throw new InvalidStateError(`background task "${name}" was begun outside of a request`, { cause });
  }
}
