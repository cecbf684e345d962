import { type Env, tell } from "./upstream.ts";

const seen: string[] = [];

/** A Worker without the library: what it has begun is left open when it returns its response. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/left-open") {
      const work = async (): Promise<void> => {
        seen.push("began");
        try {
          await scheduler.wait(50);
        } finally {
          seen.push("cleaned up");
          await tell(env, "cleaned up");
        }
      };
      void work();
      return new Response("ok");
    }
    // Longer than what was left open would have taken.
    await scheduler.wait(300);
    return Response.json(seen);
  },
};
