import type { Task, TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

const NEEDS = ["unhandled rejections"] as const;

/** Fails if a group that fails with this body raises an unhandled rejection. */
async function raisesNone(trial: Trial, body: (group: TaskGroup) => unknown): Promise<void> {
  await rejectionOf(trial.api.taskGroup(body), "the block");
  equal(await trial.takeUnhandled(), [], "the unhandled rejections");
}

/** What may be done with the handle of a member that fails, without waiting for what comes of it. */
const floats: readonly (readonly [name: string, how: string, chain: (task: Task<never>) => unknown])[] = [
  ["handle", "a handle that nobody awaits", () => {}],
  ["then", "a then() without handlers", (task) => task.then()],
  ["then-value", "a then() with a handler for the value alone", (task) => task.then(() => 1)],
  [
    "rethrow",
    "a handler that throws the same error again",
    (task) =>
      task.then(undefined, (error: unknown) => {
        throw error;
      }),
  ],
];

export const unhandledRejections: readonly Case[] = [
  ...floats.map(([name, how, chain]) =>
    caseOf("ER-6", name, `raises no unhandled rejection for ${how}`, { needs: NEEDS }, async (trial) => {
      for (const thrown of [new Error("boom"), undefined]) {
        await raisesNone(trial, (group) => void chain(group.createTask(() => Promise.reject(thrown))));
      }
    }),
  ),
  caseOf(
    "ER-6",
    "sync-throw",
    "raises no unhandled rejection for a member that throws synchronously",
    { needs: NEEDS },
    (trial) =>
      raisesNone(trial, (group) => {
        group.createTask(() => {
          throw new Error("boom");
        });
      }),
  ),
  caseOf(
    "ER-6",
    "several",
    "raises no unhandled rejection for failures that come while it drains",
    { needs: NEEDS },
    (trial) =>
      raisesNone(trial, async (group) => {
        group.createTask(() => Promise.reject(new Error("boom")));
        for (const ms of [10, 20]) {
          group.createTask(async (task) => {
            await trial.sleep(task, 1000).catch(() => pause(ms));
            throw new Error("late");
          });
        }
        await trial.sleep(group, 1000).catch(() => {});
        throw new Error("body");
      }),
  ),
  caseOf(
    "ER-6",
    "cancelled-handle",
    "raises no unhandled rejection for the handle of a member that it cancelled",
    { needs: NEEDS },
    (trial) =>
      raisesNone(trial, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        void group.createTask((task) => trial.sleep(task, 1000)).then(() => {});
        group.createTask(() => Promise.reject(new Error("boom")));
      }),
  ),
  caseOf(
    "ER-6",
    "never-started",
    "raises no unhandled rejection for the handle of a member that never started",
    { needs: NEEDS },
    (trial) =>
      raisesNone(trial, (group) => {
        void group.createTask(() => {}).then(() => {});
        throw new Error("boom");
      }),
  ),
  caseOf(
    "ER-6",
    "late-awaiter",
    "raises no unhandled rejection before a handle is awaited that failed long ago",
    { needs: NEEDS },
    async (trial) => {
      let task!: Task<never>;
      await raisesNone(trial, (group) => {
        task = group.createTask(() => Promise.reject(new Error("boom")));
      });
      await pause(100);
      await rejectionOf(task, "the handle");
    },
  ),
  caseOf(
    "ER-6",
    "on-failure",
    "raises no unhandled rejection for failures that go to onFailure",
    { needs: [...NEEDS, "option.onFailure"] },
    async (trial) => {
      await trial.api.taskGroup({ onFailure: () => {} }, (group) => {
        group.createTask(() => Promise.reject(new Error("boom")));
      });
      equal(await trial.takeUnhandled(), [], "the unhandled rejections");
    },
  ),
  caseOf(
    "ER-6",
    "own-error",
    "leaves the error that a handler throws itself an unhandled rejection: no group reports it",
    { needs: NEEDS },
    async (trial) => {
      const own = new Error("in the handler");
      await trial.api.taskGroup((group) => {
        void group
          .createTask(() => 1)
          .then(() => {
            throw own;
          });
      });
      const unhandled = await trial.takeUnhandled();
      equal(unhandled.length, 1, "the number of unhandled rejections");
      same(unhandled[0], own, "the unhandled rejection");
    },
  ),
];
