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

/** Each does with its group what it likes. */
const own: Record<string, (request: Request, env: Env, ctx: ExecutionContext) => Promise<Response>> = {
  async "/using"(request, env, ctx) {
    await using group = requestScope(request, ctx);
    group.createTask(async ({ sleep }) => {
      await sleep(20);
      await tell(env, "after the response");
    });
    return group.respond(new Response(slowly("piece")));
  },
  async "/closed-after"(request, env, ctx) {
    const group = requestScope(request, ctx);
    group.createTask(
      async ({ sleep }) => {
        try {
          await sleep(60_000);
        } finally {
          await tell(env, "closed early");
        }
      },
      { name: "not needed" },
    );
    const response = await group.respond(new Response(slowly("whole all the same")));
    await group.close();
    return response;
  },
  /** Neither waits for respond() before it ends the group. */
  async "/closed-at-once"(request, env, ctx) {
    const group = requestScope(request, ctx);
    const begun = Promise.withResolvers<void>();
    const member = async ({ sleep }: { sleep: RequestScope["sleep"] }): Promise<void> => {
      begun.resolve();
      try {
        await sleep(60_000);
      } finally {
        await tell(env, "its cleanup");
      }
    };
    group.createTask(member);
    await begun.promise;
    const response = group.respond(new Response("closed at once"));
    await group.close();
    await tell(env, "close() is over");
    return response;
  },
  async "/joined-at-once"(request, _env, ctx) {
    const group = requestScope(request, ctx);
    const response = group.respond(
      new Response(
        new ReadableStream({
          async pull() {
            await scheduler.wait(50);
            throw new RangeError("the source broke");
          },
        }),
      ),
    );
    ctx.waitUntil(group.join().catch(() => {}));
    return response;
  },
  async "/failed-before"(request, _env, ctx) {
    await using group = requestScope(request, ctx);
    group.createTask(() => Promise.reject(new RangeError("before")), { name: "early" });
    await scheduler.wait(10);
    return group.respond(new Response("never"));
  },
  async "/used"(request, _env, ctx) {
    await using group = requestScope(request, ctx);
    const response = new Response("read already");
    await response.text();
    return group.respond(response);
  },
};

function slowly(text: string): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await scheduler.wait(20);
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

/** A router of one's own, that knows nothing of `handler`. */
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (own[pathname] !== undefined) return own[pathname](request, env, ctx);
    const group = requestScope(request, ctx);
    const response = await routes[pathname]?.(group, env);
    return group.respond(response ?? new Response(null, { status: 404 }));
  },
};
