import { handler } from "@cohort/workers";
import type { Env } from "./upstream.ts";

/** Fans out to upstreams of which every third fails while the others hang. */
export default handler<Env>({
  async fetch(request, { UPSTREAM }, _ctx, group) {
    const n = Number(new URL(request.url).searchParams.get("n"));
    const ask =
      (path: string) =>
      async (task: { readonly signal: AbortSignal }): Promise<string> => {
        const response = await fetch(UPSTREAM + path, { signal: task.signal });
        const text = await response.text();
        if (!response.ok) throw new RangeError(`request ${n}: upstream said ${response.status}`);
        return text;
      };
    const found = await group.gather({
      ok: ask("/ok"),
      second: ask(n % 3 === 0 ? "/fail" : "/ok"),
      third: ask(n % 3 === 0 ? "/hang" : "/ok"),
    });
    return Response.json({ n, found: Object.values(found) });
  },
});
