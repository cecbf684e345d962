import type { OpenTaskGroup } from "@cohort/core";
import { Budget, type BudgetOptions } from "./budget.ts";
import { openTaskGroup } from "./functions.ts";
import type { KeepsAlive } from "./keeps-alive.ts";
import { infoOf, reportFailures } from "./report.ts";
import { RequestLife } from "./request-life.ts";

/** The group of a request, for who has a router of their own. */
export interface RequestScope extends OpenTaskGroup {
  /**
   * Gives the response to send in place of this one, and ends the group by itself from then on, as `handler` would: when
   * its members have ended and the body has been read or abandoned; leaving it by `await using` changes nothing then.
   * Rejects where `handler` would: with what came out of the group, if that failed before the response, and with a
   * TypeError for a response that can't be sent. After `join()` or `close()` it gives the response as it is: nothing is
   * left that its body could keep open.
   */
  respond(this: void, response: Response): Promise<Response>;
}

/**
 * Opens the task group of a request, with what `handler` promises (RT-5): it is kept alive by `ctx.waitUntil`, and the
 * client's leaving cancels it with a `DisconnectedError`. It ends by `respond(response)`, by `join()`, or by `close()`,
 * which cancels (LC-5); one of them has to be called, a request that leaves all of them out is kept alive for nothing.
 * `close()` after `respond()` ends it early, as `cancel()` does: the response is sent all the same.
 *
 * Throws a RangeError or a TypeError for a budget that is none.
 *
 * @example
 * ```ts
 * export default {
 *   async fetch(request: Request, env: Env, ctx: ExecutionContext) {
 *     await using group = requestScope(request, ctx);
 *     return group.respond(await router.handle(request, { env, group }));
 *   },
 * };
 * ```
 */
export function requestScope(request: Request, ctx: KeepsAlive, options: BudgetOptions = {}): RequestScope {
  const life = new RequestLife(request, ctx, new Budget(options));
  const group = life.adopt(openTaskGroup(life.options));
  const { join, close } = group;
  let over: Promise<void> | undefined;
  /** Settles when it is known what is sent: until then nothing else may end the group. Never rejects. */
  let responding: Promise<unknown> | undefined;
  const endBy = (end: () => Promise<void>): Promise<void> => {
    if (over === undefined) {
      over = end();
      void life.end(over);
    }
    return over;
  };
  const send = async (response: Response): Promise<Response> => {
    let sent: Response | undefined;
    try {
      sent = await life.respond(response);
    } catch (error) {
      endBy(close).catch((other: unknown) => reportFailures(other, infoOf(group)));
      throw error;
    }
    const ending = endBy(join);
    if (sent === undefined) return life.insteadOf(ending);
    ending.catch(() => {}); // what comes out of it is reported
    return sent;
  };
  const own: Pick<RequestScope, "respond" | "join" | "close"> = {
    async respond(response) {
      if (over !== undefined || responding !== undefined) return response;
      const sending = send(response);
      responding = sending.catch(() => {});
      return sending;
    },
    join: () => (responding === undefined ? endBy(join) : responding.then(() => endBy(join))),
    async close() {
      if (responding === undefined) return over === undefined ? endBy(close) : close();
      group.cancel();
      await responding;
      await over?.catch(() => {});
    },
  };
  Object.defineProperties(group, Object.getOwnPropertyDescriptors(own));
  if (Symbol.asyncDispose) {
    const dispose = async (): Promise<void> => (responding === undefined ? own.close() : undefined);
    Object.defineProperty(group, Symbol.asyncDispose, { value: dispose });
  }
  return group as RequestScope;
}
