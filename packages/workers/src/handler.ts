import type { MaybePromise, TaskGroup } from "@cohort/core";
import { answer } from "./answer.ts";
import { Budget, type BudgetOptions } from "./budget.ts";
import { runKept } from "./run-kept.ts";

/** What a Worker handles, each with the task group of the invocation as its last argument. */
export interface Handlers<Env = unknown, Message = unknown> {
  /** Answers a request. The response is sent as soon as it is returned; the group goes on. */
  fetch?(
    request: Request<unknown, IncomingRequestCfProperties>,
    env: Env,
    ctx: ExecutionContext,
    group: TaskGroup,
  ): MaybePromise<Response>;
  /** Runs by the clock. The invocation ends with its group, and fails with it. */
  scheduled?(controller: ScheduledController, env: Env, ctx: ExecutionContext, group: TaskGroup): unknown;
  /** Takes a batch of messages; `eachMessage` takes them one by one. A failure retries all that isn't acknowledged. */
  queue?(batch: MessageBatch<Message>, env: Env, ctx: ExecutionContext, group: TaskGroup): unknown;
  /** Takes an e-mail. The invocation ends with its group, and fails with it. */
  email?(message: ForwardableEmailMessage, env: Env, ctx: ExecutionContext, group: TaskGroup): unknown;
}

export interface HandlerOptions extends BudgetOptions {}

/**
 * Makes a Worker of functions that each get the task group of their invocation (RT-5). The group is registered with
 * `ctx.waitUntil` from the start, so neither a response that is sent, nor a client that goes away, nor a failure cuts its
 * cleanup off.
 *
 * `fetch`: members that are open when the response is returned go on. A body keeps the group open until it has been read;
 * a client that leaves cancels with a `DisconnectedError`. A failure before the response rejects with the group, which the
 * platform answers with a 500; one after it breaks the body off and is reported by the name and path of its task. When the
 * response is sent, or the client gone, the waitUntil budget begins: `cleanup` ms before its end everything is cancelled
 * with a `TimeoutError`, and a warning names what was open. A WebSocket's group has no budget: its owner ends it. The others
 * settle as their group does, so that nothing of theirs falls under the budget.
 *
 * Throws a RangeError or a TypeError for a budget that is none. asyncio: `async with TaskGroup()` in each handler.
 *
 * @example
 * ```ts
 * export default handler<Env>({
 *   async fetch(request, env, ctx, group) {
 *     group.createTask(({ signal }) => audit(request.url, { signal }), { name: "audit" });
 *     return fetch(env.UPSTREAM, { signal: group.signal });
 *   },
 * });
 * ```
 */
export function handler<Env = unknown, Message = unknown>(
  handlers: Handlers<Env, Message>,
  options: HandlerOptions = {},
): ExportedHandler<Env, Message> {
  const budget = new Budget(options);
  const worker: ExportedHandler<Env, Message> = {};
  // Only what is there: the platform looks which events a Worker takes.
  if (handlers.fetch !== undefined) {
    worker.fetch = (request, env, ctx) =>
      answer(request as Request, ctx, budget, async (group) => handlers.fetch?.(request, env, ctx, group) as Response);
  }
  if (handlers.scheduled !== undefined) {
    worker.scheduled = async (event, env, ctx) =>
      void (await runKept(ctx, `scheduled ${event.cron}`, (group) => handlers.scheduled?.(event, env, ctx, group)));
  }
  if (handlers.queue !== undefined) {
    worker.queue = async (batch, env, ctx) =>
      void (await runKept(ctx, `queue ${batch.queue}`, (group) => handlers.queue?.(batch, env, ctx, group)));
  }
  if (handlers.email !== undefined) {
    worker.email = async (message, env, ctx) =>
      void (await runKept(ctx, "email", (group) => handlers.email?.(message, env, ctx, group)));
  }
  return worker;
}
