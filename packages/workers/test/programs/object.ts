import { DurableObject } from "cloudflare:workers";
import { handler, objectScope } from "@cohort/workers";
import { type Env, tell } from "./upstream.ts";

interface ObjectEnv extends Env {
  readonly ROOM: DurableObjectNamespace<Room>;
}

export class Room extends DurableObject<ObjectEnv> {
  readonly #scope = objectScope(this.ctx, { budget: 400, cleanup: 300 });
  private alarms = 0;

  override fetch(request: Request): Promise<Response> {
    return this.#scope.fetch(request, (group) => {
      group.createTask(
        async ({ sleep }) => {
          try {
            await sleep(50);
          } finally {
            await tell(this.env, "the object cleaned up");
          }
        },
        { name: "save" },
      );
      return new Response("from the object");
    });
  }

  async wake(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now());
  }

  override alarm(): Promise<void> {
    return this.#scope.alarm(async (group) => {
      const attempt = ++this.alarms;
      group.createTask(
        async ({ path }) => {
          if (attempt === 1) throw new RangeError("the first alarm fails");
          await tell(this.env, `alarm ${attempt} in ${path.join(" > ")}`);
        },
        { name: "compact" },
      );
    });
  }

  /** By RPC. */
  count(): Promise<number> {
    return this.#scope.run("count", async (group) => {
      const parts = await group.gather([() => 1, async ({ sleep }) => sleep(5).then(() => 2)]);
      return parts.reduce((sum, part) => sum + part, 0);
    });
  }
}

export default handler<ObjectEnv>({
  async fetch(request, { ROOM }) {
    const room = ROOM.get(ROOM.idFromName("one"));
    const { pathname } = new URL(request.url);
    if (pathname === "/count") return new Response(String(await room.count()));
    if (pathname === "/wake") {
      await room.wake();
      return new Response("set");
    }
    return room.fetch(request);
  },
});
