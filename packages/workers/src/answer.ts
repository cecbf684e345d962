import type { MaybePromise, TaskGroup } from "@cohort/core";
import type { Budget } from "./budget.ts";
import { taskGroup } from "./functions.ts";
import type { KeepsAlive } from "./keeps-alive.ts";
import { RequestLife } from "./request-life.ts";

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
  return new Promise((resolve) => {
    const life = new RequestLife(request, by, budget);
    let isAnswered = false;
    const over = taskGroup(life.options, async (group) => {
      const response = await body(life.adopt(group));
      // One whose body was read already, or is being read, can't be sent: that is a failure before the response.
      const sent = await life.respond(response);
      if (sent === undefined) return;
      isAnswered = true;
      resolve(sent);
    });
    const end = (): void => {
      if (!isAnswered) resolve(life.insteadOf(over));
    };
    over.then(end, end);
    void life.end(over);
  });
}
