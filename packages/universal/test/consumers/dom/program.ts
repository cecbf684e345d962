import { taskGroup } from "@cohort/universal";
import { same } from "../same.ts";

// A page: fetch and event listeners under the task's signal, and a group under the page's own.

export async function search(input: HTMLInputElement, leaving: AbortSignal) {
  return await taskGroup({ signal: leaving, timeout: 5000 }, async ({ createTask, signal, sleep }) => {
    input.addEventListener("input", () => {}, { signal });
    const response = createTask((task) => fetch("/search", { signal: task.signal }), { name: "search" });
    await sleep(10);
    same<typeof signal, AbortSignal>(true);
    return await (await response).text();
  });
}
same<ReturnType<typeof search>, Promise<string>>(true);

void taskGroup({ signal: AbortSignal.any([AbortSignal.timeout(1), new AbortController().signal]) }, (group) => {
  const stop = group.onCancel(() => document.title);
  window.setTimeout(stop, 5);
});
