import { getEventListeners } from "node:events";
import { taskGroup } from "@cohort/node";
import pMap from "p-map";
import { cpuNow } from "./clock.ts";

type Small = (signal: AbortSignal, i: number) => Promise<unknown>;

/** Two trivial members under a signal. */
export const SMALL: Readonly<Record<string, Small>> = {
  "p-map": (signal, i) => pMap([i, i], async (value) => value, { signal }),
  cohort: (signal, i) =>
    taskGroup({ signal }, (group) => {
      group.createTask(async () => i);
      group.createTask(async () => i);
    }),
};

/** Ns of CPU for each of `n` that follow one another under one signal, and the listeners left on it. */
export async function oneByOne(run: Small, n: number): Promise<{ readonly ns: number; readonly listeners: number }> {
  const { signal } = new AbortController();
  const start = cpuNow();
  for (let i = 0; i < n; i++) await run(signal, i);
  return { ns: (cpuNow() - start) / n, listeners: getEventListeners(signal, "abort").length };
}
