import type { Body, MaybePromise, TaskGroup } from "@cohort/core";
import { answer } from "./answer.ts";
import { Budget, type BudgetOptions } from "./budget.ts";
import type { KeepsAlive } from "./keeps-alive.ts";
import { runKept } from "./run-kept.ts";

/** The task groups of a Durable Object. */
export interface ObjectScope {
  /** Answers a request as `fetch` of `handler` does. */
  fetch(this: void, request: Request, body: (group: TaskGroup) => MaybePromise<Response>): Promise<Response>;
  /** Runs the object's alarm as a group. Rejects with its failure, whereupon the platform calls the alarm again. */
  alarm(this: void, body: Body<TaskGroup, unknown>): Promise<void>;
  /** Runs anything else as a group: a call by RPC, a message of a WebSocket. Settles as `taskGroup` does. */
  run<T>(this: void, name: string, body: Body<TaskGroup, T>): Promise<T>;
}

/**
 * Ties groups to a Durable Object (RT-5): each is registered with `state.waitUntil` from its start. An object lives
 * through many requests, so a group per call; a failure of one leaves the others alone. The waitUntil budget is that of
 * `fetch`: an alarm and a call settle as their group does, and nothing of theirs outlives them.
 *
 * Throws a RangeError or a TypeError for a budget that is none. asyncio: `async with TaskGroup()` in each method.
 *
 * @example
 * ```ts
 * export class Room extends DurableObject {
 *   readonly #scope = objectScope(this.ctx);
 *
 *   override fetch(request: Request) {
 *     return this.#scope.fetch(request, async (group) => Response.json(await group.gather([members, messages])));
 *   }
 *
 *   override alarm() {
 *     return this.#scope.alarm((group) => group.gather([compact, report]));
 *   }
 * }
 * ```
 */
export function objectScope(state: KeepsAlive, options: BudgetOptions = {}): ObjectScope {
  const budget = new Budget(options);
  return {
    fetch: (request, body) => answer(request, state, budget, body),
    alarm: async (body) => void (await runKept(state, "alarm", body)),
    run: (name, body) => runKept(state, name, body),
  };
}
