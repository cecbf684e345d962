import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { taskGroup } from "@cohort/bun";

const never = (): Promise<never> => new Promise(() => {});
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) =>
    request.url.endsWith("/half")
      ? new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) }))
      : never(),
});
const url = `http://127.0.0.1:${server.port}`;

/** What Bun has that takes a signal; each would wait for ever. */
const waits: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  fetch: (signal) => fetch(url, { signal }),
  "the body of a fetch": async (signal) => (await fetch(`${url}/half`, { signal })).text(),
  "a stream's pipeTo": (signal) => new ReadableStream().pipeTo(new WritableStream(), { signal }),
  "timers/promises": (signal) => delay(2 ** 30, undefined, { signal }),
  "events.once": (signal) => once(new EventEmitter(), "never", { signal }),
};

for (const [name, wait] of Object.entries(waits)) {
  let said = "";
  const states: string[] = [];
  await taskGroup(async (group) => {
    const task = group.createTask(async ({ signal, isCancellation }) => {
      await wait(signal).catch((error: unknown) => {
        const own = error === signal.reason ? "the reason" : `${(error as Error).name}`;
        said = `${own}, a cancellation: ${isCancellation(error)}`;
        throw error;
      });
    });
    group.defer(() => void states.push(task.state));
    await group.sleep(50);
    group.cancel();
  }).catch((error: unknown) => void states.push(String(error)));
  console.log(`${name}: ${said}, ${states.join()}`);
}
await server.stop(true);
