import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { exceptStar, main, SystemExit, type TaskGroup, taskGroup, type TaskScope } from "@cohort/node";

// A server, as users of the package write it: no annotation but at its functions.

async function respond(request: IncomingMessage, response: ServerResponse, { signal }: TaskScope): Promise<void> {
  await delay(10, undefined, { signal });
  await pipeline(request, response, { signal });
}

function serve(group: TaskGroup): void {
  const server = createServer((request, response) => {
    group.createTask((task) => respond(request, response, task), { name: `${request.method} ${request.url}` });
  });
  group.defer(() => server.close());
  group.createTask(
    async ({ signal }) => {
      server.listen(0);
      await once(server, "close", { signal });
    },
    { name: "http" },
  );
}

export const code: number = await main(
  async (group) => {
    try {
      await group.taskGroup({ failFast: false, limit: 100 }, serve);
    } catch (error) {
      await exceptStar(error, [
        SyntaxError,
        () => {
          throw new SystemExit(2);
        },
      ]);
    }
    const [response] = await taskGroup({ parent: group }, ({ createTask }) =>
      Promise.all([createTask(({ signal }) => fetch("http://localhost", { signal }))]),
    );
    return response.status;
  },
  { signals: ["SIGINT", "SIGTERM"], cancelAfter: 10_000 },
);
