import { handler, type TaskGroup, type TaskScope } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

/** Ticks for as long as the client is there. */
function socket(group: TaskGroup, env: Env): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.addEventListener("close", () => group.cancel());
  group.createTask(
    async ({ sleep }) => {
      try {
        for (;;) {
          await sleep(100);
          server.send("tick");
        }
      } finally {
        await tell(env, "the socket's work ended");
      }
    },
    { name: "ticks" },
  );
  return new Response(null, { status: 101, webSocket: client });
}

export default handler<Env>(
  {
    fetch(request, env, _ctx, group) {
      const endless = async ({ sleep, signal }: TaskScope): Promise<void> => {
        try {
          await sleep(3_600_000);
        } finally {
          await tell(env, `cleaned up after ${(signal.reason as Error).name}`);
        }
      };
      const { pathname } = new URL(request.url);
      if (pathname === "/socket") return socket(group, env);
      if (pathname === "/deaf") group.createTask(async () => scheduler.wait(400), { name: "deaf" });
      else group.createTask(endless, { name: "endless" });
      if (pathname !== "/slow-body") return new Response(null, { status: 202 });
      const rows = new ReadableStream<Uint8Array>({
        async start(controller) {
          // As long as the budget is: what is counted from is the end of the body.
          await scheduler.wait(400);
          await tell(env, group.isCancelled() ? "cancelled while it was sent" : "sent");
          controller.enqueue(new Uint8Array([48]));
          controller.close();
        },
      });
      return new Response(rows);
    },
  },
  { budget: 400, cleanup: 300 },
);
