import { bindRequestScope, type RequestScopeFn } from "@cohort/universal/request-scope";
import { adapter } from "./adapter.ts";
import { runtime } from "./runtime.ts";

/**
 * Handles a request of `Deno.serve` in a task group, which is named by the request's method and path and ends with the
 * response (RT-6). asyncio has no counterpart.
 *
 * The body's response goes out as soon as it is returned; the group stays open until its members have ended and the
 * response has been read. When the client goes away before that, the group is cancelled by a `DisconnectedError`, whose
 * cause is the reason of `request.signal`; if there was no response yet, a 499 is returned, which nobody gets.
 *
 * Rejects with what the group fails with before there is a response, for the server's `onError`. What fails later ends a
 * body that is still being read with an error, and is reported with the names of the tasks; so does a
 * deadline that passes (TO-2).
 *
 * A body that is there as a whole (a string, bytes, JSON) is sent in one piece unless members are still open; a stream is
 * passed on chunk by chunk.
 *
 * Deno aborts `request.signal` at a good end too, which is not taken for the client's leaving here; but it warns of that
 * whoever looks at the signal, once a process, unless it runs with `--unstable-no-legacy-abort`.
 *
 * @example
 * ```ts
 * Deno.serve((request) =>
 *   requestScope(request, async ({ gather }) => {
 *     const [user, orders] = await gather([loadUser, loadOrders]);
 *     return Response.json({ user, orders });
 *   }),
 * );
 * ```
 */
export const requestScope: RequestScopeFn = /* @__PURE__ */ bindRequestScope(runtime, {
  reportError: (error) => adapter.reportError(error),
});
