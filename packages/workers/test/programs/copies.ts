import { handler } from "@cohort/workers";
import type { Env } from "./upstream.ts";

class Own extends Error {
  override get name(): string {
    return "Own";
  }
}

/** Reasons of every kind that somebody may abort with. */
const reasons: Record<string, () => unknown> = {
  class: () => new Own("of a class"),
  cause: () => new Error("with a cause", { cause: new Error("the cause") }),
  named: () => Object.assign(new Error("named"), { name: "Named", code: "NAMED" }),
  range: () => new RangeError("a range"),
  timeout: () => new DOMException("late", "TimeoutError"),
  object: () => ({ why: "enough", times: 2 }),
  text: () => "enough",
  null: () => null,
};

export default handler<Env>({
  async fetch(_request, { UPSTREAM }, _ctx, group) {
    const seen: Record<string, unknown> = {};
    for (const [name, make] of Object.entries(reasons)) {
      const reason = make();
      const controller = new AbortController();
      let isCopy = false;
      const fails = async (work: Promise<unknown>): Promise<void> => {
        await work.catch((error: unknown) => {
          isCopy ||= error !== reason;
          throw error;
        });
      };
      // The group rejects with the reason itself only if each of these counts as its cancellation.
      const error: unknown = await group
        .taskGroup({ signal: controller.signal }, async ({ createTask }) => {
          createTask(({ signal }) => fails(fetch(`${UPSTREAM}/hang`, { signal })));
          createTask(({ signal }) => fails(fetch(`${UPSTREAM}/drip`, { signal }).then((drip) => drip.text())));
          createTask(({ signal }) => fails(scheduler.wait(60_000, { signal })));
          await scheduler.wait(100);
          controller.abort(reason);
        })
        .catch((thrown: unknown) => thrown);
      seen[name] = [error === reason, isCopy];
    }
    return Response.json(seen);
  },
});
