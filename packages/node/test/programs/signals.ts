import { taskGroup } from "@cohort/node";
import { choose } from "./choose.ts";

process.on("warning", ({ name, message }) => console.log(`${name}: ${message}`));
process.on("unhandledRejection", (error) => console.log(`unhandled: ${String(error)}`));

/** What fetch does with the signal it gets: listens, and takes the listener back when it is over. */
function listen(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

await choose<unknown>({
  "a signal each": async () => {
    let heard = 0;
    await taskGroup((group) => {
      for (let i = 0; i < 10_000; i++) {
        group.createTask(async ({ signal }) => {
          await listen(signal).catch((error: unknown) => {
            heard++;
            throw error;
          });
        });
      }
      group.createTask(async ({ sleep }) => {
        await sleep(1);
        group.cancel();
      });
    });
    console.log(heard);
  },
  "one signal": async () => {
    let heard = 0;
    await taskGroup((group) => {
      const { signal } = group;
      for (let i = 0; i < 1000; i++) group.createTask(() => listen(signal).catch(() => heard++));
      group.createTask(async ({ sleep }) => {
        await sleep(1);
        group.cancel();
      });
    });
    console.log(heard);
  },
  "a user's signal": async () => {
    const controller = new AbortController();
    const groups = Array.from({ length: 1000 }, () =>
      taskGroup({ signal: controller.signal }, (group) => {
        for (let i = 0; i < 10; i++) group.createTask(({ sleep }) => sleep(2 ** 30));
      }).catch((error: unknown) => error),
    );
    setTimeout(() => controller.abort("enough"), 5);
    console.log(new Set(await Promise.all(groups)));
  },
});
