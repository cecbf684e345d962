import type { Task } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, instance, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { asyncLocalStorage } from "./async-local-storage.ts";
import { pause } from "./pause.ts";
import { groupFrom } from "./thrown-group.ts";

const ITSELF = ["async context", "InvalidStateError"] as const;

/** Skips the case if the implementation can't tell here which task it is in. */
async function needsCurrentTask(trial: Trial): Promise<void> {
  const { taskGroup, currentTask } = trial.api;
  currentTask(); // some know the tasks only that start after they were first asked
  const isKnown = await taskGroup(async (group) => await group.createTask(() => currentTask() !== undefined));
  if (!isKnown) trial.skip("currentTask() is undefined in this runtime");
}

/** Fails unless a member that waits for itself in this way is an InvalidStateError. */
async function refusesItself(trial: Trial, wait: (task: Task<unknown>) => unknown): Promise<void> {
  await needsCurrentTask(trial);
  const { errors } = await groupFrom(
    trial.api.taskGroup((group) => {
      const task: Task<unknown> = group.createTask(async (scope) => {
        await trial.sleep(scope, 1);
        await wait(task);
      });
    }),
  );
  equal(errors.length, 1, "the number of failures");
  instance(errors[0], trial.api.InvalidStateError, "the failure");
}

export const asyncContext: readonly Case[] = [
  caseOf("ME-10", "await", "fails a task that awaits itself with an InvalidStateError", { needs: ITSELF }, (trial) =>
    refusesItself(trial, (task) => task),
  ),
  caseOf("ME-10", "then", "fails a task that waits for itself by then()", { needs: ITSELF }, (trial) =>
    refusesItself(trial, (task) => task.then()),
  ),
  caseOf("ME-10", "promise-all", "fails a task that waits for itself by Promise.all", { needs: ITSELF }, (trial) =>
    refusesItself(trial, (task) => Promise.all([task])),
  ),
  caseOf("ME-10", "returns-itself", "fails a task that returns its own handle", { needs: ITSELF }, async (trial) => {
    await needsCurrentTask(trial);
    const { errors } = await groupFrom(
      trial.api.taskGroup((group) => {
        const task: Task<unknown> = group.createTask((): unknown => task);
      }),
    );
    equal(errors.length, 1, "the number of failures");
    instance(errors[0], trial.api.InvalidStateError, "the failure");
  }),
  caseOf("ME-10", "others", "lets everybody else await a task", { needs: ITSELF }, async (trial) => {
    await needsCurrentTask(trial);
    const values = await trial.api.taskGroup(async (group) => {
      const task = group.createTask((scope) => trial.sleep(scope, 10).then(() => "value"));
      const sibling = group.createTask(async () => await task);
      return [await task, await sibling];
    });
    equal(values, ["value", "value"]);
  }),

  caseOf(
    "ME-14",
    "one-batch",
    "runs members that were created in one go each in the async context of its createTask",
    {},
    async (trial) => {
      const where = asyncLocalStorage<string>(trial);
      const here = (): void => trial.say(where.getStore() ?? "none");
      await trial.api.taskGroup((group) => {
        for (const name of ["a", "b"]) where.run(name, () => void group.createTask(here));
        group.createTask(here);
      });
      equal(trial.log, ["0 a", "0 b", "0 none"]);
    },
  ),
  caseOf("ME-14", "after-await", "keeps a member's async context after an await", {}, async (trial) => {
    const where = asyncLocalStorage<string>(trial);
    const seen = await trial.api.taskGroup(async (group) => {
      const { task } = where.run("a", () => ({
        task: group.createTask(async (scope) => {
          await trial.sleep(scope, 10);
          return where.getStore();
        }),
      }));
      return [await task, where.getStore()];
    });
    equal(seen, ["a", undefined], "the context of the member, and of the body");
  }),
  caseOf(
    "ME-14",
    "freed-slot",
    "runs a member in the async context of its createTask, whoever frees its slot",
    { needs: ["option.limit"] },
    async (trial) => {
      const where = asyncLocalStorage<string>(trial);
      await trial.api.taskGroup({ limit: 1 }, (group) => {
        const hold = trial.deferred();
        where.run("first", () => void group.createTask(() => hold.promise));
        where.run("second", () => void group.createTask(() => trial.say(where.getStore() ?? "none")));
        where.run("freer", () => void pause(1).then(() => hold.resolve()));
      });
      equal(trial.log, ["1 second"]);
    },
  ),
  caseOf(
    "ME-14",
    "eager-background",
    "runs eager and background members in the async context of their createTask",
    { needs: ["task option.eager", "task option.background"] },
    async (trial) => {
      const where = asyncLocalStorage<string>(trial);
      const here = (): void => trial.say(where.getStore() ?? "none");
      await trial.api.taskGroup(async (group) => {
        where.run("eager", () => void group.createTask(here, { eager: true }));
        where.run("background", () => void group.createTask(here, { background: true }));
        await trial.sleep(group, 1);
      });
      equal(trial.log, ["0 eager", "0 background"]);
    },
  ),
  caseOf(
    "ME-14",
    "start",
    "runs a member in the async context of its start()",
    { needs: ["group.start"] },
    async (trial) => {
      const where = asyncLocalStorage<string>(trial);
      const seen = await trial.api.taskGroup((group) =>
        where.run("started here", () =>
          group.start((_task, started: (store: unknown) => void) => started(where.getStore())),
        ),
      );
      same(seen, "started here");
    },
  ),
];
