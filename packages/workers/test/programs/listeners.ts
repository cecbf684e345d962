import { handler } from "@cohort/workers";

/** A listener that throws, on the signal of one of three members that wait. */
export default handler({
  async fetch(_request, _env, _ctx, group) {
    const ended: string[] = [];
    await group.taskGroup({ name: "inner" }, async (inner) => {
      for (const name of ["a", "b", "c"]) {
        inner.createTask(async ({ signal, sleep }) => {
          signal.addEventListener("abort", () => {
            if (name === "a") throw new RangeError("from a listener");
          });
          await sleep(60_000).finally(() => ended.push(name));
        });
      }
      await inner.sleep(10);
      inner.cancel();
    });
    return Response.json(ended);
  },
});
