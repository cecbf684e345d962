import { AsyncEvent, inspectTasks, main, requestScope } from "@cohort/bun";
import { answer } from "../answer.ts";
import { Tally } from "../tally.ts";

await main(async (group) => {
  const tally = new Tally();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/stats") return Response.json(await tally.stats(inspectTasks));
      return requestScope(request, async (scope) => new Response(await answer(pathname, scope, tally)));
    },
    error(error) {
      tally.caught(error);
      return new Response(error.message, { status: 500 });
    },
  });
  group.defer(() => server.stop(true));
  console.log(`port ${server.port}`);
  await new AsyncEvent().wait(group);
});
