import { map, taskGroup } from "@cohort/node";
import pLimit from "p-limit";
import pMap from "p-map";
import { otherUse } from "./other-use.ts";

/** Runs `n` trivial members and gives what they gave, or handles that know. */
export type Contender = (n: number) => Promise<unknown>;

/** Called once, in the process that measures the contender: what it loads is in nobody else's figures, nor in its own. */
export type Load = () => Contender | Promise<Contender>;

const LIMIT = 100;

let made: readonly number[] = [];

/** What the members are made of. Made once: it is nobody's work, and would flatter every ratio. */
function numbers(n: number): readonly number[] {
  if (made.length !== n) made = Array.from({ length: n }, (_, i) => i);
  return made;
}

const promiseAll: Load = () => (n) => Promise.all(numbers(n).map(async (i) => i));

const mapped =
  (concurrency: number): Load =>
  () =>
  (n) =>
    pMap(numbers(n), async (i) => i, { concurrency });

const limited =
  (concurrency: number): Load =>
  () =>
  (n) => {
    const limit = pLimit(concurrency);
    return Promise.all(numbers(n).map((i) => limit(async () => i)));
  };

function cohort(limit: number): Readonly<Record<string, Load>> {
  const run: Contender = (n) => taskGroup({ limit }, (group) => numbers(n).map((i) => group.createTask(async () => i)));
  return {
    cohort: () => run,
    // What only a fresh process has is that the engine has seen one kind of everything.
    "cohort, after other use": async () => {
      await otherUse();
      return run;
    },
    // Somebody uses AsyncLocalStorage: members keep the context of their creation (ME-14).
    "cohort + AsyncLocalStorage": async () => {
      const { AsyncLocalStorage } = await import("node:async_hooks");
      const storage = new AsyncLocalStorage<number>();
      return (n) => storage.run(n, () => run(n));
    },
    "cohort + currentTask": async () => {
      await import("@cohort/node/task-context");
      return run;
    },
  };
}

export const UNLIMITED: Readonly<Record<string, Load>> = {
  "Promise.all": promiseAll,
  "p-map": mapped(Infinity),
  "p-limit": limited(Infinity),
  ...cohort(Infinity),
};

export const LIMITED: Readonly<Record<string, Load>> = {
  "p-map": mapped(LIMIT),
  "p-limit": limited(LIMIT),
  ...cohort(LIMIT),
  "cohort map": () => (n) => map(numbers(n), async (i) => i, { limit: LIMIT }).toArray(),
};
