import type { TaskGroup, TaskScope } from "@cohort/core";
import { reportFailures } from "./report.ts";

export interface EachMessageOptions {
  /** How many messages are worked on at once. Default: the whole batch. */
  readonly limit?: number | undefined;
  /** Seconds until a message that failed is delivered again. Default: as the queue is configured. */
  readonly retryDelay?: number | undefined;
}

/**
 * Makes a `queue` handler of a function for one message (RT-5). A message whose function ends is acknowledged; one whose
 * function fails is retried, alone, and the error is reported by the message's id: the others neither notice nor come
 * again. What the function itself decided by `ack()` or `retry()` stays. Messages that weren't begun when the invocation
 * was cancelled come again.
 *
 * Throws, when it is called with a batch, a RangeError or a TypeError for a limit that is none.
 * asyncio: `gather(*messages, return_exceptions=True)` comes nearest.
 *
 * @example
 * ```ts
 * export default handler<Env, Order>({
 *   queue: eachMessage(({ body }, { signal }, env) => ship(body, env, { signal }), { limit: 5 }),
 * });
 * ```
 */
export function eachMessage<Body = unknown, Env = unknown>(
  fn: (message: Message<Body>, task: TaskScope, env: Env, ctx: ExecutionContext) => unknown,
  { limit = Infinity, retryDelay }: EachMessageOptions = {},
): (batch: MessageBatch<Body>, env: Env, ctx: ExecutionContext, group: TaskGroup) => Promise<void> {
  const retry: QueueRetryOptions | undefined = retryDelay === undefined ? undefined : { delaySeconds: retryDelay };
  return async (batch, env, ctx, group) => {
    const waiting = new Set(batch.messages);
    try {
      await group.taskGroup({ name: "messages", limit, onFailure: reportFailures }, ({ createTask }) => {
        for (const message of batch.messages) {
          const work = async (task: TaskScope): Promise<void> => {
            waiting.delete(message);
            try {
              await fn(message, task, env, ctx);
            } catch (error) {
              message.retry(retry);
              throw error;
            }
            message.ack();
          };
          createTask(work, { name: `message ${message.id}` });
        }
      });
    } finally {
      // A cancelled group may end well, and the platform acknowledges whatever hasn't said otherwise by then.
      for (const message of waiting) message.retry(retry);
    }
  };
}
