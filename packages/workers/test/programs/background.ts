import { background, handler, InvalidStateError } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

let atImport: unknown;
try {
  background(() => {}, { name: "too early" });
} catch (error) {
  atImport = error;
}

export default handler<Env>({
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/at-import") {
      return Response.json([atImport instanceof InvalidStateError, (atImport as Error).message]);
    }
    if (pathname === "/ends") {
      background(
        async ({ sleep }) => {
          await sleep(50);
          await tell(env, "background ended");
        },
        { name: "audit" },
      );
    }
    if (pathname === "/fails") {
      background(
        (group) => {
          group.createTask(
            async ({ sleep }) => {
              await sleep(20);
              throw new RangeError("the log is full");
            },
            { name: "write" },
          );
        },
        { name: "audit" },
      );
    }
    if (pathname === "/budget") {
      background(
        async ({ sleep, signal }) => {
          try {
            await sleep(60_000);
          } finally {
            await tell(env, (signal.reason as Error).message);
          }
        },
        { name: "endless", budget: 300, cleanup: 200 },
      );
    }
    return new Response("ok");
  },
});
