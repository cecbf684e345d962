import { bindRequestScope, type OptionalRequestScopeFn } from "@cohort/universal/request-scope";
import { adapter } from "./adapter.ts";
import { withContentType } from "./content-type.ts";
import { runtime } from "./runtime.ts";

/**
 * Handles a request of `Bun.serve` in a task group, which is named by the request's method and path and ends with the
 * response (RT-6). asyncio has no counterpart.
 *
 * The body's response goes out as soon as it is returned; the group stays open until its members have ended and the
 * response has been read. When the client goes away before that, the group is cancelled by a `DisconnectedError`, whose
 * cause is the reason of `request.signal`; if there was no response yet, a 499 is returned, which nobody gets.
 *
 * Rejects with what the group fails with before there is a response, for the server's error handler. What fails later ends
 * a body that is still being read with an error, and is reported with the names of the tasks; so does a
 * deadline that passes (TO-2).
 *
 * A body that is there as a whole (a string, bytes, JSON) is sent in one piece unless members are still open; a stream is
 * passed on chunk by chunk. A file (`new Response(Bun.file(…))`) is read as any stream is, and loses its length and its
 * ranges: nothing tells it from a stream that lives by the group.
 *
 * A body may give `undefined`: for a request that `server.upgrade()` has made a WebSocket, or for one that is answered
 * outside the group, by a file for instance. `undefined` is what comes out then, at once; the group ends with its members,
 * and what becomes of the connection is nothing to it any more.
 *
 * @example
 * ```ts
 * Bun.serve({
 *   fetch: (request) =>
 *     requestScope(request, async ({ gather }) => {
 *       const [user, orders] = await gather([loadUser, loadOrders]);
 *       return Response.json({ user, orders });
 *     }),
 * });
 * ```
 */
export const requestScope: OptionalRequestScopeFn = /* @__PURE__ */ bindRequestScope(runtime, {
  allowsUndefined: true,
  prepare: withContentType,
  reportError: (error) => adapter.reportError(error),
});
