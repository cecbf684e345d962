import type { Task, TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { Trial } from "../trial.ts";
import { asyncLocalStorage } from "./async-local-storage.ts";
import { isCollected } from "./is-collected.ts";

/** What is kept after the end of a group, and a weak reference to what must not be kept with it. */
interface Kept {
  readonly keep: readonly unknown[];
  readonly ref: WeakRef<object>;
}

/** Fails if what is kept keeps the object. `run` is a function of its own, so that its variables are gone by then. */
async function letsGo(trial: Trial, what: string, run: () => Promise<Kept>): Promise<void> {
  const { keep, ref } = await run();
  check(await isCollected(trial, ref), `nothing should keep ${what} after the end of the group`);
  check(keep.length > 0, "the case keeps something"); // and does so until here
}

export const liveMembers: readonly Case[] = [
  caseOf(
    "LC-6",
    "size",
    "counts a member out of `size` as soon as it has ended, so that its awaiter sees it",
    { needs: ["group.size"] },
    async (trial) => {
      const seen = await trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 50));
        const task = group.createTask((scope) => trial.sleep(scope, 10));
        const before = group.size;
        await task;
        return [before, group.size];
      });
      equal(seen, [2, 1], "the size before and after");
    },
  ),
  caseOf(
    "LC-6",
    "tasks",
    "drops a member from `tasks` as soon as it has ended",
    { needs: ["group.tasks", "task option.name", "task.name"] },
    async (trial) => {
      const namesOf = (group: TaskGroup): string[] => Array.from(group.tasks, ({ name }) => name);
      const seen = await trial.api.taskGroup(async (group) => {
        group.createTask((task) => trial.sleep(task, 50), { name: "stays" });
        const task = group.createTask((scope) => trial.sleep(scope, 10), { name: "ends" });
        const before = namesOf(group);
        await task;
        return [before, namesOf(group)];
      });
      equal(seen, [["stays", "ends"], ["stays"]]);
    },
  ),
  caseOf(
    "LC-6",
    "failed",
    "drops a failed member as soon as it has failed",
    { needs: ["group.size", "option.failFast"] },
    async (trial) => {
      const sizes: number[] = [];
      await rejectionOf(
        trial.api.taskGroup({ failFast: false }, async (group) => {
          const task = group.createTask(() => Promise.reject(new Error("boom")));
          await trial.outcome(task);
          sizes.push(group.size);
        }),
      );
      equal(sizes, [0]);
    },
  ),
  caseOf(
    "LC-6",
    "cancelled",
    "drops a member that was cancelled alone as soon as it has ended",
    { needs: ["group.size", "option.memberCancel", "task.cancel"] },
    async (trial) => {
      const size = await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 100));
        await trial.sleep(group, 1);
        task.cancel();
        await trial.outcome(task);
        return group.size;
      });
      equal(size, 0);
    },
  ),
  caseOf(
    "LC-6",
    "never-grows",
    "doesn't grow with the members that have ended",
    { needs: ["group.size"] },
    async ({ api }) => {
      const most = await api.taskGroup(async (group) => {
        let max = 0;
        for (let n = 0; n < 300; n++) {
          await group.createTask(() => n);
          max = Math.max(max, group.size);
        }
        return max;
      });
      equal(most, 0, "the largest size after a member had ended");
    },
  ),

  caseOf("LC-7", "functions", "keeps no member's function after its end", { needs: ["garbage collection"] }, (trial) =>
    letsGo(trial, "a member's function", async () => {
      const captured = { big: "object" };
      const keep: unknown[] = [];
      await trial.api.taskGroup((group) => {
        keep.push(
          group,
          group.createTask(() => void captured.big.at(0)),
        );
      });
      return { keep, ref: new WeakRef(captured) };
    }),
  ),
  caseOf(
    "LC-7",
    "unstarted",
    "keeps no function of a member that was never started",
    { needs: ["garbage collection", "option.limit", "group.cancel"] },
    (trial) =>
      letsGo(trial, "the function of a member that never started", async () => {
        const captured = { big: "object" };
        const keep: unknown[] = [];
        await trial.api.taskGroup({ limit: 1 }, async (group) => {
          group.createTask((task) => trial.sleep(task, 100));
          keep.push(
            group,
            group.createTask(() => void captured.big.at(0)),
          );
          await trial.sleep(group, 1);
          group.cancel();
          // V8 keeps the frames of an error, with their variables, until somebody reads its stack.
          void (group.signal.reason as Error | undefined)?.stack;
          keep.push(group.createTask(() => void captured.big.at(0)));
        });
        return { keep, ref: new WeakRef(captured) };
      }),
  ),
  caseOf(
    "LC-7",
    "errors",
    "keeps no member's error after its end",
    { needs: ["garbage collection", "option.failFast"] },
    (trial) =>
      letsGo(trial, "a member's error", async () => {
        let group!: TaskGroup;
        const boom = new Error("boom");
        void boom.stack;
        await trial.outcome(
          trial.api.taskGroup({ failFast: false }, (scope) => {
            group = scope;
            scope.createTask(() => Promise.reject(boom));
          }),
        );
        return { keep: [group], ref: new WeakRef(boom) };
      }),
  ),
  caseOf(
    "LC-7",
    "contexts",
    "keeps no member's async context after its end",
    { needs: ["garbage collection", "option.limit"] },
    (trial) => {
      const storage = asyncLocalStorage<object>(trial);
      return letsGo(trial, "a member's async context", async () => {
        const context = { user: "ada" };
        const keep: unknown[] = [];
        await trial.api.taskGroup({ limit: 1 }, (group) => {
          keep.push(group);
          for (let n = 0; n < 3; n++) keep.push(storage.run(context, () => [group.createTask(() => n)])[0]);
        });
        return { keep, ref: new WeakRef(context) };
      });
    },
  ),
  caseOf(
    "LC-7",
    "no-cycle",
    "throws an error that holds neither the group nor its handles",
    { needs: ["garbage collection"] },
    async (trial) => {
      const refs: WeakRef<object>[] = [];
      const run = async (): Promise<unknown> => {
        const error = await rejectionOf(
          trial.api.taskGroup((group) => {
            const task: Task<never> = group.createTask(() => Promise.reject(new Error("boom")));
            refs.push(new WeakRef(group), new WeakRef(task));
          }),
        );
        void (error as Error).stack;
        for (const leaf of (error as AggregateError).errors) void (leaf as Error).stack;
        return error;
      };
      const error = await run();
      check(await isCollected(trial, refs[0]), "the error should not hold the group");
      check(await isCollected(trial, refs[1]), "the error should not hold the handle");
      check(error instanceof Error, "the error is held until here");
    },
  ),
];
