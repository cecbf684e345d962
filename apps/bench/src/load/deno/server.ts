import { AsyncEvent, inspectTasks, main, requestScope } from "@cohort/deno";
import { answer } from "../answer.ts";
import { Tally } from "../tally.ts";

await main(async (group) => {
  const tally = new Tally();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }) => console.log(`port ${port}`),
      onError(error) {
        tally.caught(error);
        return new Response("failed", { status: 500 });
      },
    },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/stats") return Response.json(await tally.stats(inspectTasks));
      return requestScope(request, async (scope) => new Response(await answer(pathname, scope, tally)));
    },
  );
  group.defer(() => server.shutdown());
  await new AsyncEvent().wait(group);
});
