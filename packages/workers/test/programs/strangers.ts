import { handler, InvalidStateError, openTaskGroup, type TaskGroup, taskGroup } from "@cohort/workers";

/** What somebody keeps at module scope that shouldn't: the group of another request. */
let kept: TaskGroup | undefined;

/** A group that no request can use, and what it may do where it was opened. */
const atModuleScope = openTaskGroup({ name: "module" });
const early = await atModuleScope.createTask(() => "ran");

const uses: Record<string, (group: TaskGroup) => unknown> = {
  "/createTask": (group) => group.createTask(() => {}, { name: "stranger" }),
  "/gather": (group) => group.gather([() => 1]),
  "/map": (group) => group.map([1], (n) => n).toArray(),
  "/taskGroup": (group) => group.taskGroup(() => {}),
  "/openTaskGroup": (group) => group.openTaskGroup().join(),
  "/moveOnAfter": (group) => group.moveOnAfter(50, () => {}),
  "/sleep": (group) => group.sleep(5),
  "/cancel": (group) => group.cancel(),
  "/parent": (parent) => taskGroup({ parent }, () => {}),
  "/module": () => {
    if (early === "ran") atModuleScope.createTask(({ sleep }) => sleep(5));
  },
};

export default handler({
  async fetch(request, _env, _ctx, group) {
    const { pathname } = new URL(request.url);
    if (pathname === "/keep") {
      kept = group;
      await group.sleep(200);
      return new Response("kept");
    }
    if (pathname === "/is-kept") return Response.json(kept !== undefined);
    const use = uses[pathname];
    if (use === undefined || kept === undefined) return new Response("no such use", { status: 404 });
    try {
      await use(kept);
    } catch (error) {
      return Response.json([error instanceof InvalidStateError, (error as Error).message]);
    }
    return new Response("took it");
  },
});
