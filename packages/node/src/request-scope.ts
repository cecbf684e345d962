import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  DisconnectedError,
  ExceptionGroup,
  type MaybePromise,
  type TaskGroup,
  type TaskGroupOptions,
} from "@cohort/core";
import { taskGroup } from "./functions.ts";

/** What the group of a request takes. What cancels it from outside is its client, and a `parent`. */
export type RequestScopeOptions = Omit<TaskGroupOptions, "signal" | "policy">;

/**
 * Handles a request in a task group, which is named by the request's method and path and ends with the response: when the
 * body and all members have ended and the response has been sent (RT-3). asyncio has no counterpart.
 *
 * When the client goes away before that, the group is cancelled by a `DisconnectedError`, and what is returned resolves:
 * nobody is left to be told. What streams to the response say of it (`ERR_STREAM_PREMATURE_CLOSE`) is no failure then.
 * Rejects with what the group fails with. Before anything was sent, the response is the caller's, as it would be without the
 * group; later it is broken off, so that no client takes a part for the whole.
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
  const left = (): void => client.abort(new DisconnectedError(`the client of ${name} went away`));
  const over = new Promise<void>((resolve) => {
    const onEnd = (): void => {
      res.off("finish", onEnd).off("close", onEnd);
      if (!res.writableFinished) left();
      resolve();
    };
    if (res.writableFinished || res.closed) onEnd();
    else res.on("finish", onEnd).on("close", onEnd);
  });
  const isCancellation: TaskGroupOptions["isCancellation"] = (error, reason) =>
    saysLeft(error, res) || options.isCancellation?.(error, reason) === true;
  try {
    await taskGroup({ ...options, name, signal: client.signal, isCancellation }, async (group) => {
      try {
        await body(group);
      } catch (error) {
        // A stream may hear of it before the response does.
        if (saysLeft(error, res)) left();
        throw error;
      }
      // A member that fails needn't wait for a response that it was to send.
      await group.abortable(over);
    });
  } catch (error) {
    if (client.signal.aborted && error === client.signal.reason) return;
    // A member's stream that heard of it first has failed the group.
    if (error instanceof ExceptionGroup && [...error.leaves()].every((leaf) => saysLeft(leaf.error, res))) return;
    if (res.headersSent && !res.writableFinished) res.destroy();
    throw error;
  }
}

/** What streams say when one of them is gone. */
const GONE: readonly unknown[] = ["ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ERR_STREAM_UNABLE_TO_PIPE"];

/** Does the error say no more than that the client has left? */
function saysLeft(error: unknown, res: ServerResponse): boolean {
  // A client that has got all may go.
  if (res.writableFinished) return false;
  // Not asked of the response: a source that breaks off destroys it, and its connection, just as a client does.
  // A response that a test makes up may have no connection.
  const { errored, readableEnded, writableEnded, destroyed }: Partial<Socket> = res.req?.socket ?? {};
  // Where half-open connections are allowed, a client that says no more may still listen.
  const hasEnded = readableEnded === true && (writableEnded === true || destroyed === true);
  const hasFailed = errored !== null && errored !== undefined && errored !== res.errored;
  if (!hasFailed && !hasEnded) return false;
  return (
    (hasFailed && error === errored) || (error instanceof Error && GONE.includes((error as { code?: unknown }).code))
  );
}
