import { eachMessage, handler } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

interface QueueEnv extends Env {
  readonly JOBS: Queue<string>;
}

let running = 0;
let most = 0;

export default handler<QueueEnv, string>({
  async fetch(request, { JOBS }) {
    if (new URL(request.url).pathname === "/most") return new Response(String(most));
    await JOBS.sendBatch(["a", "broken", "b", "c"].map((body) => ({ body })));
    return new Response("sent");
  },
  queue: eachMessage<string, QueueEnv>(
    async ({ body, attempts }, { sleep }, env) => {
      most = Math.max(most, ++running);
      try {
        await sleep(10);
        if (body === "broken" && attempts === 1) throw new RangeError("not yet");
        await tell(env, `${body} ${attempts}`);
      } finally {
        running--;
      }
    },
    { limit: 2 },
  ),
});
