import { eachMessage, handler } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

interface QueueEnv extends Env {
  readonly JOBS: Queue<string>;
}

const one = eachMessage<string, QueueEnv>(
  async ({ body, attempts }, { sleep }, env) => {
    await tell(env, `began ${body}`);
    if (attempts === 1) await sleep(60_000);
    await tell(env, `did ${body}`);
  },
  { limit: 1 },
);

let isFirst = true;

/** The first invocation is cancelled while its first message is worked on. */
export default handler<QueueEnv, string>({
  async fetch(_request, { JOBS }) {
    await JOBS.sendBatch(["a", "b", "c"].map((body) => ({ body })));
    return new Response("sent");
  },
  async queue(batch, env, ctx, group) {
    if (isFirst) group.createTask(({ sleep }) => sleep(50).then(() => group.cancel()), { name: "cancels" });
    isFirst = false;
    await one(batch, env, ctx, group);
  },
});
