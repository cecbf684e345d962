import { handler, InvalidStateError, type TaskGroup } from "@cohort/workers";

/** What somebody keeps at module scope that shouldn't: the group of another request. */
let kept: TaskGroup | undefined;

export default handler({
  async fetch(request, _env, _ctx, group) {
    const { pathname } = new URL(request.url);
    if (pathname === "/keep") {
      kept = group;
      await group.sleep(200);
      return new Response("kept");
    }
    if (pathname === "/is-kept") return Response.json(kept !== undefined);
    try {
      kept?.createTask(() => {}, { name: "stranger" });
    } catch (error) {
      return Response.json([error instanceof InvalidStateError, (error as Error).message]);
    }
    return new Response("took it");
  },
});
