import { getEventListeners } from "node:events";
import { taskGroup } from "@cohort/node";
import { cpuNow } from "./clock.ts";

/** Ns of CPU per small group, `n` of them one after the other under one signal; and the listeners left on it. */
export async function manyGroups(n: number): Promise<{ readonly ns: number; readonly listeners: number }> {
  const { signal } = new AbortController();
  const start = cpuNow();
  for (let i = 0; i < n; i++) {
    await taskGroup({ signal }, (group) => {
      group.createTask(async () => i);
      group.createTask(async () => i);
    });
  }
  return { ns: (cpuNow() - start) / n, listeners: getEventListeners(signal, "abort").length };
}
