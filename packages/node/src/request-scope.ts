import type { IncomingMessage, ServerResponse } from "node:http";
import { DisconnectedError, type MaybePromise, type TaskGroup, type TaskGroupOptions } from "@cohort/core";
import { taskGroup } from "./functions.ts";

/** What the group of a request takes. What cancels it from outside is its client, and a `parent`. */
export type RequestScopeOptions = Omit<TaskGroupOptions, "signal" | "policy">;

/**
 * Handles a request in a task group, which is named by the request's method and path and ends with the response: when the
 * body and all members have ended and the response has been sent (RT-3). asyncio has no counterpart.
 *
 * When the client goes away before that, the group is cancelled by a `DisconnectedError`, and what is returned resolves:
 * nobody is left to be told. Rejects with what the group fails with. Before anything was sent, the response is the caller's,
 * as it would be without the group; later it is broken off, so that no client takes a part for the whole.
 *
 * It takes a body, and isn't a group to be opened and left: a body that throws cancels its members.
 *
 * @example
 * ```ts
 * createServer((req, res) =>
 *   requestScope(req, res, async ({ gather }) => {
 *     const [user, orders] = await gather([loadUser, loadOrders]);
 *     res.end(JSON.stringify({ user, orders }));
 *   }).catch((error) => {
 *     console.error(formatException(error));
 *     if (!res.headersSent) res.writeHead(500).end();
 *   }),
 * );
 * ```
 */
export async function requestScope(
  req: Pick<IncomingMessage, "method" | "url">,
  res: ServerResponse,
  body: (group: TaskGroup) => MaybePromise<unknown>,
  options: RequestScopeOptions = {},
): Promise<void> {
  const name = options.name ?? `${req.method} ${req.url?.replace(/[?#].*/s, "")}`;
  const client = new AbortController();
  const over = new Promise<void>((resolve) => {
    const onEnd = (): void => {
      res.off("finish", onEnd).off("close", onEnd);
      if (!res.writableFinished) client.abort(new DisconnectedError(`the client of ${name} went away`));
      resolve();
    };
    if (res.writableFinished || res.closed) onEnd();
    else res.on("finish", onEnd).on("close", onEnd);
  });
  try {
    await taskGroup({ ...options, name, signal: client.signal }, async (group) => {
      await body(group);
      // A member that fails needn't wait for a response that it was to send.
      await group.abortable(over);
    });
  } catch (error) {
    if (client.signal.aborted && error === client.signal.reason) return;
    if (res.headersSent && !res.writableFinished) res.destroy();
    throw error;
  }
}
