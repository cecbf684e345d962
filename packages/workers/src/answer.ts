import { InvalidStateError, type MaybePromise, type TaskGroup } from "@cohort/core";
import type { Budget } from "./budget.ts";
import { taskGroup } from "./functions.ts";
import type { KeepsAlive } from "./keeps-alive.ts";
import { RequestLife } from "./request-life.ts";

/** Nginx's status for a client that has left. Nobody sees it, but an error would be logged as the Worker's. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Runs the body as the group of a request. The promise settles as soon as there is a response, or when it is certain that
 * there will be none; the group goes on.
 */
export function answer(
  request: Request,
  by: KeepsAlive,
  budget: Budget,
  body: (group: TaskGroup) => MaybePromise<Response>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const life = new RequestLife(request, by, budget);
    let isAnswered = false;
    const over = taskGroup(life.options, async (group) => {
      const response = await body(life.adopt(group));
      if (life.mayRespond) {
        // One whose body was read already, or is being read, can't be sent: that is a failure before the response.
        const sent = life.respond(response);
        isAnswered = true;
        resolve(sent);
      }
      return response;
    });
    over.then(
      () => {
        if (!isAnswered)
          reject(new InvalidStateError(`${life.options.name}: the group was cancelled, and no response given`));
      },
      (error: unknown) => {
        if (isAnswered) return;
        if (life.isDisconnect(error)) resolve(new Response(null, { status: CLIENT_CLOSED_REQUEST }));
        else reject(error);
      },
    );
    void life.end(over);
  });
}
