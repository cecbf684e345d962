import type { Task } from "@cohort/core";
import { METHODS } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import { failsWith } from "./thrown-group.ts";

export const members: readonly Case[] = [
  caseOf(
    "ME-3",
    "scope-signal",
    "gives every member a scope with a signal that is aborted with the group",
    {},
    async (trial) => {
      const seen: unknown[] = [];
      await rejectionOf(
        trial.api.taskGroup((group) => {
          group.createTask(async (task) => {
            seen.push(task.signal instanceof AbortSignal, task.signal.aborted);
            await trial.sleep(task, 10).catch(() => {});
            seen.push(task.signal.aborted);
          });
          group.createTask(() => Promise.reject(new Error("boom")));
        }),
      );
      equal(seen, [true, false, true], "a real signal, aborted before, aborted after");
    },
  ),
  caseOf(
    "ME-3",
    "scope-name",
    "gives a member's scope the name of its task",
    { needs: ["task option.name", "task.name"] },
    async ({ api }) => {
      const name = await api.taskGroup(async (group) => await group.createTask((task) => task.name, { name: "fetch" }));
      equal(name, "fetch");
    },
  ),
  caseOf("ME-3", "scope-methods", "gives a member's scope every method that a group's has", {}, async ({ api }) => {
    const names = METHODS.flatMap((name) => (name.startsWith("scope.") ? [name.slice("scope.".length)] : []));
    const missing = await api.taskGroup(
      async (group) => await group.createTask((task) => names.filter((name) => name in group && !(name in task))),
    );
    equal(missing, [], "what a member's scope lacks");
  }),
  caseOf(
    "ME-3",
    "sync-throw",
    "takes a synchronous throw for a failure of the task, never of createTask",
    {},
    async ({ api }) => {
      for (const thrown of [new Error("boom"), undefined, null, 0, "", false]) {
        let task: Task<never> | undefined;
        const block = api.taskGroup((group) => {
          task = group.createTask(() => {
            throw thrown;
          });
        });
        await failsWith(block, thrown);
        check(task !== undefined, "createTask should have given a handle");
        same(await rejectionOf(task, "the handle"), thrown);
      }
    },
  ),
  caseOf(
    "ME-3",
    "plain-value",
    "takes a value that is no promise for the result, also one with a `then` that is no function",
    {},
    async ({ api }) => {
      const value = { then: "not a function" };
      const results = await api.taskGroup(async (group) => [
        await group.createTask(() => value),
        await group.createTask(() => 0),
      ]);
      equal([results[0] === value, results[1]], [true, 0]);
    },
  ),
  caseOf("ME-3", "thenable", "follows a thenable that a member returns", {}, async ({ api }) => {
    const thenable: PromiseLike<string> = { then: (ok, no) => Promise.resolve("followed").then(ok, no) };
    equal(await api.taskGroup(async (group) => await group.createTask(() => thenable)), "followed");
  }),
  caseOf(
    "ME-3",
    "thenable-fails",
    "takes a thenable that rejects, throws or can't be read for a failure",
    {},
    async ({ api }) => {
      const boom = new Error("boom");
      const fail = (): never => {
        throw boom;
      };
      const thenables = [
        { then: (_ok: unknown, no?: (error: unknown) => void): void => no?.(boom) },
        { then: fail },
        Object.defineProperty({}, "then", { get: fail }),
      ] as unknown as readonly PromiseLike<unknown>[];
      for (const thenable of thenables) {
        await failsWith(
          api.taskGroup((group) => void group.createTask(() => thenable)),
          boom,
        );
      }
    },
  ),

  caseOf(
    "ME-8",
    "task-default",
    "names members Task-N, each with a number of its own",
    { needs: ["task.name"] },
    async ({ api }) => {
      const names: string[] = [];
      for (let n = 0; n < 2; n++) {
        await api.taskGroup((group) => {
          for (let m = 0; m < 3; m++) names.push(group.createTask(() => {}).name);
        });
      }
      equal(
        names.filter((name) => !/^Task-\d+$/.test(name)),
        [],
        "names of another form",
      );
      equal(new Set(names).size, 6, "how many names there are");
    },
  ),
  caseOf(
    "ME-8",
    "group-default",
    "names groups TaskGroup-N, each with a number of its own",
    { needs: ["option.name"] },
    async ({ api }) => {
      const names = [await api.taskGroup(({ name }) => name), await api.taskGroup(({ name }) => name)];
      equal(
        names.filter((name) => !/^TaskGroup-\d+$/.test(name)),
        [],
        "names of another form",
      );
      equal(new Set(names).size, 2, "how many names there are");
    },
  ),
  caseOf(
    "ME-8",
    "given",
    "keeps names that are given, also the same one twice",
    { needs: ["option.name", "task option.name", "task.name"] },
    async ({ api }) => {
      const names = await api.taskGroup({ name: "jobs" }, (group) => [
        group.name,
        group.createTask(() => {}, { name: "x" }).name,
        group.createTask(() => {}, { name: "x" }).name,
      ]);
      equal(names, ["jobs", "x", "x"]);
    },
  ),
];
