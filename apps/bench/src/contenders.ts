import { taskGroup } from "@cohort/node";
import pLimit from "p-limit";
import pMap from "p-map";

/** Runs `n` trivial members and waits for them. */
export type Contender = (n: number) => Promise<unknown>;

const LIMIT = 100;

function numbers(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

const cohort =
  (limit: number): Contender =>
  (n) =>
    taskGroup({ limit }, (group) => {
      for (let i = 0; i < n; i++) group.createTask(async () => i);
    });

/**
 * Somebody in the process uses AsyncLocalStorage: members keep the context of their creation (ME-14). Imported only here:
 * an import at the top would have every contender pay.
 */
const withContext =
  (limit: number): Contender =>
  async (n) => {
    const { AsyncLocalStorage } = await import("node:async_hooks");
    return new AsyncLocalStorage<number>().run(1, () => cohort(limit)(n));
  };

const withCurrentTask =
  (limit: number): Contender =>
  async (n) => {
    await import("@cohort/node/task-context");
    return cohort(limit)(n);
  };

export const UNLIMITED: Readonly<Record<string, Contender>> = {
  "Promise.all": (n) => Promise.all(numbers(n).map(async (i) => i)),
  "p-map": (n) => pMap(numbers(n), async (i) => i),
  cohort: cohort(Infinity),
  "cohort + AsyncLocalStorage": withContext(Infinity),
  "cohort + currentTask": withCurrentTask(Infinity),
};

export const LIMITED: Readonly<Record<string, Contender>> = {
  "p-map": (n) => pMap(numbers(n), async (i) => i, { concurrency: LIMIT }),
  "p-limit": (n) => {
    const limit = pLimit(LIMIT);
    return Promise.all(numbers(n).map((i) => limit(async () => i)));
  },
  cohort: cohort(LIMIT),
  "cohort + AsyncLocalStorage": withContext(LIMIT),
  "cohort + currentTask": withCurrentTask(LIMIT),
};
