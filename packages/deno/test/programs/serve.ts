import { AsyncEvent, inspectTasks, requestScope, type TaskGroup } from "@cohort/deno";

const released = new AsyncEvent();
const say = (text: string): void => console.log(text);
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A stream that lives by its group: a chunk every now and then, up to so many. */
function drip({ sleep }: TaskGroup, chunks: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      await sleep(5);
      controller.enqueue(bytes(`${sent} `));
      if (++sent === chunks) controller.close();
    },
  });
}

/** Says how a group ended: at its end, and why it was cancelled, if it was. */
function watch(group: TaskGroup): void {
  group.defer(() => {
    const { reason } = group;
    const cause = reason instanceof Error ? reason.cause : undefined;
    say(`${group.name} ended, ${reason instanceof Error ? `${reason.name} (${String(cause)})` : "not cancelled"}`);
  });
}

const routes: Readonly<Record<string, (group: TaskGroup) => Response | Promise<Response>>> = {
  "/plain": () => new Response("hello"),
  "/json": () => Response.json({ a: 1 }, { status: 201, headers: { "x-own": "kept" } }),
  "/empty": () => new Response(null, { status: 204 }),
  "/stream": (group) => new Response(drip(group, 3), { headers: { "content-type": "text/x-drops" } }),
  /** Waits in `pull`, not for the group. */
  "/pulled": () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          controller.enqueue(new TextEncoder().encode("drop"));
        },
      }),
    ),
  "/endless": (group) => new Response(drip(group, Infinity)),
  "/wait": async (group) => {
    say("waiting");
    await group.sleep(2 ** 31);
    return new Response("never");
  },
  "/member": (group) => {
    group.createTask((task) => released.wait(task), { name: "still running" });
    return new Response("at once");
  },
  "/fails": async (group) => {
    group.createTask(() => Promise.reject(new RangeError("no luck")), { name: "culprit" });
    await group.sleep(2 ** 31);
    return new Response("never");
  },
  "/fails-while-read": (group) => {
    group.createTask(
      async (task) => {
        await released.wait(task);
        throw new RangeError("no luck");
      },
      { name: "culprit" },
    );
    return new Response(drip(group, Infinity));
  },
  "/fails-after": (group) => {
    group.createTask(
      async (task) => {
        await released.wait(task);
        throw new RangeError("no luck");
      },
      { name: "culprit" },
    );
    return new Response("fine so far");
  },
  "/source-fails": () =>
    new Response(
      new ReadableStream({
        async pull() {
          await new Promise((resolve) => setTimeout(resolve, 5));
          throw new RangeError("source ran dry");
        },
      }),
    ),
  "/deadline": (group) => new Response(drip(group, Infinity)),
  "/late": async (group) => {
    say("waiting");
    await group.sleep(2 ** 31).catch(() => {});
    const cancel = (reason: unknown): void => say(`late source cancelled, ${(reason as Error).name}`);
    return new Response(new ReadableStream({ cancel }), { headers: { "content-type": "text/x-drops" } });
  },
  "/cancels-itself": async (group) => {
    group.cancel();
    await group.sleep(1);
    return new Response("never");
  },
};

const server = Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen() {},
    onError: (error) => new Response(`${(error as Error).name}: ${(error as Error).message}`, { status: 500 }),
  },
  (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/release") {
      released.set();
      return new Response("released");
    }
    if (pathname === "/open") return Response.json(inspectTasks().map(({ name }) => name));
    if (pathname === "/socket") {
      return requestScope(request, async (group) => {
        watch(group);
        await group.sleep(5);
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.addEventListener("open", () => socket.send("hello"));
        socket.addEventListener("message", ({ data }) => socket.send(`${String(data)} again`));
        group.createTask((task) => released.wait(task), { name: "still running" });
        return response;
      });
    }
    const handle = (group: TaskGroup): Response | Promise<Response> => {
      watch(group);
      return (routes[pathname] as (group: TaskGroup) => Response)(group);
    };
    return requestScope(request, handle, pathname === "/deadline" ? { timeout: 100 } : {});
  },
);
say(`port ${server.addr.port}`);
