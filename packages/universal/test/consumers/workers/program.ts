import { taskGroup } from "@cohort/universal";
import { same } from "../same.ts";

// A Worker: the client's signal, the platform's fetch, and a group that waitUntil holds.

interface Env {
  readonly BUCKET: R2Bucket;
}

export default {
  async fetch(request, env, ctx) {
    const parts = await taskGroup({ signal: request.signal, timeout: 25_000 }, async ({ createTask }) => {
      const origin = createTask(({ signal }) => fetch(request.url, { signal }), { name: "origin" });
      const cached = createTask(() => env.BUCKET.get("key"));
      return await Promise.all([origin, cached]);
    });
    same<typeof parts, [Response, R2ObjectBody | null]>(true);
    ctx.waitUntil(taskGroup((group) => group.createTask(({ sleep }) => sleep(1)).finally()));
    return parts[0];
  },
} satisfies ExportedHandler<Env>;

export const held = (ctx: ExecutionContext) => taskGroup((group) => ctx.waitUntil(group.createTask(() => 1).then()));
