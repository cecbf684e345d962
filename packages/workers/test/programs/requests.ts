import { DisconnectedError, handler, type TaskGroup } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

const encoder = new TextEncoder();

/** Lines for ever, as an endless report would have them. */
function lines(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await scheduler.wait(10);
      controller.enqueue(encoder.encode("line\n"));
    },
  });
}

async function upstream({ UPSTREAM }: Env, path: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(UPSTREAM + path, { signal });
  const text = await response.text();
  if (!response.ok) throw new RangeError(`upstream said ${response.status}`);
  return text;
}

/** What a path answers with. */
const answers: Record<string, (group: TaskGroup, env: Env) => Response | Promise<Response>> = {
  /** A member and its cleanup are left open. */
  "/left-open"(group, env) {
    const work = async ({ sleep }: { sleep: TaskGroup["sleep"] }): Promise<void> => {
      try {
        await sleep(50);
      } finally {
        await scheduler.wait(20);
        await tell(env, "cleaned up");
      }
    };
    group.createTask(work, { name: "work" });
    return new Response("ok");
  },

  /** Three upstreams hang, while the body goes on. */
  "/fan-out"(group, env) {
    for (const name of ["a", "b", "c"]) {
      group.createTask(({ signal }) => upstream(env, "/hang", signal), { name });
    }
    group.onCancel((reason) => {
      if (reason instanceof DisconnectedError) group.defer(() => tell(env, reason.name));
    });
    return new Response(lines());
  },

  /** The body of an upstream is the body of the response. */
  "/proxy": (group, { UPSTREAM }) => fetch(`${UPSTREAM}/drip`, { signal: group.signal }),

  async "/fails"(group, env) {
    for (let n = 0; n < 4; n++) group.createTask(({ signal }) => upstream(env, "/hang", signal), { name: `slow ${n}` });
    group.createTask(({ signal }) => upstream(env, "/fail", signal), { name: "primary" });
    await group.idle();
    return new Response("never");
  },

  /** Nothing of the body is awaited: the failure comes after its return, and is to be a 500 all the same. */
  async "/failed-unseen"(group) {
    group.createTask(() => Promise.reject(new RangeError("unseen")), { name: "unseen" });
    await scheduler.wait(20);
    return new Response("never");
  },

  "/fails-late"(group) {
    const late = async ({ sleep }: { sleep: TaskGroup["sleep"] }): Promise<void> => {
      await sleep(100);
      throw new RangeError("too late for a 500");
    };
    group.createTask(late, { name: "late" });
    return new Response(lines());
  },

  /** Without a length that the platform believes it ends a broken body as it ends a whole one. */
  "/broken-body": (_group, { UPSTREAM }) => fetch(`${UPSTREAM}/breaks`),

  /** Broken off by nothing but its source, when the group has been ended early. */
  "/broken-after-cancel"(group) {
    group.createTask(({ sleep }) => sleep(10).then(() => group.cancel()), { name: "stop" });
    return new Response(
      new ReadableStream({
        async pull() {
          await scheduler.wait(60);
          throw new RangeError("the source broke late");
        },
      }),
    );
  },

  /** The upstream's headers, and another body than the upstream's: its length is stale. */
  "/stale-text": async (_group, { UPSTREAM }) =>
    new Response("longer than the path that the upstream says", await fetch(`${UPSTREAM}/path`)),
  "/stale-stream": async (_group, { UPSTREAM }) => {
    const original = await fetch(`${UPSTREAM}/path`);
    const transform = new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        await scheduler.wait(20);
        controller.enqueue(chunk);
        controller.enqueue(encoder.encode(" and more"));
      },
    });
    return new Response(original.body?.pipeThrough(transform), original);
  },
  /** The same by what is the platform's own, of more than is looked at in one turn. */
  "/rewritten": async (_group, { UPSTREAM }) =>
    new HTMLRewriter()
      .on("p", { element: (p) => void p.append(" and more") })
      .transform(await fetch(`${UPSTREAM}/page`)),
  "/compressed": async (_group, { UPSTREAM }) => {
    const original = await fetch(`${UPSTREAM}/page`);
    const zipped = original.body?.pipeThrough(new CompressionStream("gzip"));
    const plain = zipped?.pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain, original);
  },
  async "/own-bytes"(_group, { UPSTREAM }) {
    const { readable, writable } = new IdentityTransformStream();
    const write = async (): Promise<void> => {
      const writer = writable.getWriter();
      for (let n = 0; n < 8; n++) await writer.write(new Uint8Array(50_000));
      await writer.close();
    };
    write().catch(() => {}); // broken off
    return new Response(readable, await fetch(`${UPSTREAM}/path`));
  },
  /** A service binding passes on what the headers say, and a stream that is longer. */
  "/bound": (_group, env) => (env as Env & { readonly SELF: Fetcher }).SELF.fetch("http://self/in-pieces"),
  "/in-pieces"() {
    let left = 5;
    const pieces = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await scheduler.wait(5);
        if (left-- > 0) controller.enqueue(new Uint8Array(10));
        else controller.close();
      },
    });
    return new Response(pieces, { headers: { "content-length": "5" } });
  },
  "/passed-on": (_group, { UPSTREAM }) => fetch(`${UPSTREAM}/large`),
  "/long-text": () => new Response("x".repeat(200_000)),
  "/json": () => Response.json({ a: 1 }),
  "/text"(group, env) {
    group.onCancel(() => group.defer(() => tell(env, "a good request was cancelled")));
    group.createTask(({ sleep }) => sleep(5), { name: "quick" });
    group.defer(() => tell(env, "a good request has ended"));
    return new Response("text");
  },

  "/length": () => new Response(encoder.encode("seven b"), { headers: { "content-length": "7", "x-own": "kept" } }),
  "/empty": () => new Response(null, { status: 204 }),

  "/cancelled-early"(group) {
    group.createTask(({ sleep }) => sleep(60_000), { name: "not needed" });
    group.cancel();
    return new Response("whole");
  },

  async "/streams"(group, env) {
    const rows = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const row of ["1", "2", "3"]) {
          await group.sleep(20);
          controller.enqueue(encoder.encode(row));
        }
        controller.close();
      },
    });
    group.defer(() => tell(env, "closed"));
    return new Response(rows);
  },

  async "/used"() {
    const response = new Response("read already");
    await response.text();
    return response;
  },

  "/locked"() {
    const response = new Response("somebody reads it");
    response.body?.getReader();
    return response;
  },

  "/nothing"(group) {
    group.cancel();
    return group.sleep(1) as never;
  },
};

export default handler<Env>({
  fetch(request, env, _ctx, group) {
    const answer = answers[new URL(request.url).pathname];
    return answer === undefined ? new Response("no such path", { status: 404 }) : answer(group, env);
  },
});
