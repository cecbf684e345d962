import type { OpenTaskGroup } from "@cohort/core";
import { Budget, type BudgetOptions } from "./budget.ts";
import { openTaskGroup } from "./functions.ts";
import type { KeepsAlive } from "./keeps-alive.ts";
import { RequestLife } from "./request-life.ts";

/** The group of a request, for who has a router of their own. */
export interface RequestScope extends OpenTaskGroup {
  /**
   * Gives the response to send in place of this one, and ends the group by itself from then on, as `handler` would: when
   * its members have ended and the body has been read or abandoned. After `join()` or `close()` it gives the response as
   * it is: nothing is left that its body could keep open.
   */
  respond(this: void, response: Response): Response;
}

/**
 * Opens the task group of a request, with what `handler` promises (RT-5): it is kept alive by `ctx.waitUntil`, and the
 * client's leaving cancels it with a `DisconnectedError`. It ends by `respond(response)`, by `join()`, or by `close()`,
 * which cancels (LC-5); one of them has to be called, a request that leaves all of them out is kept alive for nothing.
 *
 * Throws a RangeError or a TypeError for a budget that is none.
 *
 * @example
 * ```ts
 * app.use(async (c, next) => {
 *   const group = requestScope(c.req.raw, c.executionCtx);
 *   c.set("group", group);
 *   await next();
 *   c.res = c.error === undefined ? group.respond(c.res) : (await group.close(), c.res);
 * });
 * ```
 */
export function requestScope(request: Request, ctx: KeepsAlive, options: BudgetOptions = {}): RequestScope {
  const life = new RequestLife(request, ctx, new Budget(options));
  const group = life.adopt(openTaskGroup(life.options));
  const { join, close } = group;
  const ended = (over: Promise<void>): Promise<void> => {
    void life.end(over);
    return over;
  };
  let over: Promise<void> | undefined;
  const respond: RequestScope["respond"] = (response) => {
    if (over !== undefined) return response;
    const sent = life.respond(response);
    over = ended(join());
    // What comes out of it is reported: nobody holds this promise.
    over.catch(() => {});
    return sent;
  };
  const own = {
    respond,
    join: () => (over ??= ended(join())),
    close: () => (over === undefined ? (over = ended(close())) : close()),
  };
  Object.defineProperties(group, Object.getOwnPropertyDescriptors(own));
  if (Symbol.asyncDispose) Object.defineProperty(group, Symbol.asyncDispose, { value: own.close });
  return group as RequestScope;
}
