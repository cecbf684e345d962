import { type RequestScope, requestScope } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

const routes: Record<string, (group: RequestScope, env: Env) => Response | Promise<Response>> = {
  "/left-open"(group, env) {
    group.createTask(async ({ sleep }) => {
      try {
        await sleep(50);
      } finally {
        await tell(env, "cleaned up");
      }
    });
    return new Response("ok");
  },
  "/proxy": (group, { UPSTREAM }) => fetch(`${UPSTREAM}/drip`, { signal: group.signal }),
  "/fails-late"(group) {
    group.createTask(
      async ({ sleep }) => {
        await sleep(20);
        throw new RangeError("late");
      },
      { name: "late" },
    );
    return new Response("ok");
  },
  async "/joined"(group) {
    const task = group.createTask(async ({ sleep }) => sleep(20).then(() => "done"));
    await group.join();
    return new Response(task.result());
  },
  async "/closed"(group) {
    group.createTask(({ sleep }) => sleep(60_000), { name: "not needed" });
    await group.close();
    return new Response("closed");
  },
};

/** A router of one's own, that knows nothing of `handler`. */
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const group = requestScope(request, ctx);
    const response = await routes[new URL(request.url).pathname]?.(group, env);
    return group.respond(response ?? new Response(null, { status: 404 }));
  },
};
