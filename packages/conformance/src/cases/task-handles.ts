import type { Task } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import { pause } from "./pause.ts";

const FALSY = [undefined, null, 0, "", false, Number.NaN] as const;

/** Passes a value through a promise, as every async function does. */
const throughPromise = async <T>(value: T): Promise<T> => value;

export const taskHandles: readonly Case[] = [
  caseOf("ME-1", "awaitable", "gives handles that can be awaited, once or often", {}, async (trial) => {
    const values = await trial.api.taskGroup(async (group) => {
      const task = group.createTask((scope) => trial.sleep(scope, 10).then(() => "value"));
      return [await task, await task];
    });
    equal(values, ["value", "value"]);
  }),
  caseOf("ME-1", "promise-all", "gives handles that Promise.all and Promise.allSettled follow", {}, async (trial) => {
    const tasks: Task<number>[] = [];
    const boom = new Error("boom");
    await trial.outcome(
      trial.api.taskGroup(async (group) => {
        tasks.push(
          group.createTask(() => 1),
          group.createTask(async () => 2),
        );
        await Promise.all(tasks);
        tasks.push(group.createTask(() => Promise.reject(boom)));
      }),
    );
    equal(await Promise.all(tasks.slice(0, 2)), [1, 2]);
    equal(await Promise.allSettled(tasks.slice(2)), [{ status: "rejected", reason: boom }]);
  }),
  caseOf(
    "ME-1",
    "then",
    "calls the handlers of then() with the value or the error, and chains",
    {},
    async ({ api }) => {
      const seen: unknown[] = [];
      const boom = new Error("boom");
      await rejectionOf(
        api.taskGroup(async (group) => {
          seen.push(await group.createTask(() => 1).then((value) => value + 1));
          const bad = group.createTask(() => Promise.reject(boom));
          seen.push(
            await bad.then(
              () => "a value",
              (error: unknown) => (error === boom ? "its error" : "another error"),
            ),
          );
        }),
      );
      equal(seen, [2, "its error"]);
    },
  ),
  caseOf(
    "ME-1",
    "catch-finally",
    "gives handles with catch() and finally(), as a promise has them",
    { level: "SHOULD" },
    async ({ api }) => {
      const seen: unknown[] = [];
      await rejectionOf(
        api.taskGroup(async (group) => {
          seen.push(await group.createTask(() => 1).finally(() => void seen.push("finally")));
          seen.push(await group.createTask(() => Promise.reject("no")).catch((error: unknown) => [error]));
        }),
      );
      equal(seen, ["finally", 1, ["no"]]);
    },
  ),
  caseOf(
    "ME-1",
    "name",
    "gives the handle the name that createTask was given",
    { needs: ["task option.name", "task.name"] },
    async ({ api }) => {
      equal(await api.taskGroup((group) => group.createTask(() => {}, { name: "fetch" }).name), "fetch");
    },
  ),
  caseOf("ME-1", "state-done", "goes through pending, running and done", { needs: ["task.state"] }, async (trial) => {
    const states = await trial.api.taskGroup(async (group) => {
      const task = group.createTask((scope) => trial.sleep(scope, 10));
      const before = task.state;
      await trial.sleep(group, 1);
      const during = task.state;
      await task;
      return [before, during, task.state];
    });
    equal(states, ["pending", "running", "done"]);
  }),
  caseOf(
    "ME-1",
    "state-failed",
    "is failed after an error, and cancelled after a cancellation",
    { needs: ["task.state"] },
    async (trial) => {
      const tasks: Task<unknown>[] = [];
      await rejectionOf(
        trial.api.taskGroup((group) => {
          tasks.push(group.createTask(() => Promise.reject(new Error("boom"))));
          tasks.push(group.createTask((task) => trial.sleep(task, 10)));
        }),
      );
      equal(
        tasks.map(({ state }) => state),
        ["failed", "cancelled"],
      );
    },
  ),
  caseOf(
    "ME-1",
    "result-unfinished",
    "throws an InvalidStateError from result() of a task that isn't finished",
    { needs: ["task.result", "InvalidStateError"] },
    async (trial) => {
      const errors = await trial.api.taskGroup(async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 10));
        const pending = thrownBy(() => task.result(), "result() of a pending task");
        await trial.sleep(group, 1);
        return [pending, thrownBy(() => task.result(), "result() of a running task")];
      });
      for (const error of errors) instance(error, trial.api.InvalidStateError, "what result() throws");
    },
  ),
  caseOf(
    "ME-1",
    "result-value",
    "gives the value from result(), also a falsy one",
    { needs: ["task.result"] },
    async ({ api }) => {
      for (const value of FALSY) {
        const result = await api.taskGroup(async (group) => {
          const task = group.createTask(() => value);
          await task;
          return { of: task.result() };
        });
        same(result.of, value);
      }
    },
  ),
  caseOf(
    "ME-1",
    "result-error",
    "throws the very error from result() of a failed task, also a falsy one",
    { needs: ["task.result"] },
    async (trial) => {
      for (const thrown of [...FALSY, Object.freeze(new Error("frozen"))]) {
        let task!: Task<never>;
        await rejectionOf(
          trial.api.taskGroup((group) => {
            task = group.createTask(() => Promise.reject(thrown));
          }),
        );
        same(
          thrownBy(() => task.result(), "result() of a failed task"),
          thrown,
        );
      }
    },
  ),
  caseOf(
    "ME-1",
    "await-error",
    "rejects the handle of a failed task with the very error, also a falsy one, and also later",
    {},
    async ({ api }) => {
      for (const thrown of [...FALSY, Object.freeze(new Error("frozen"))]) {
        let task!: Task<never>;
        await rejectionOf(
          api.taskGroup((group) => {
            task = group.createTask(() => Promise.reject(thrown));
          }),
        );
        same(await rejectionOf(task, "the handle"), thrown);
      }
    },
  ),
  caseOf("ME-1", "await-cancelled", "rejects the handle of a cancelled task with the reason", {}, async (trial) => {
    let task!: Task<void>;
    let reason: unknown;
    await rejectionOf(
      trial.api.taskGroup((group) => {
        task = group.createTask((scope) => trial.sleep(scope, 10));
        group.createTask(() => Promise.reject(new Error("boom")));
        group.signal.addEventListener("abort", () => (reason = group.signal.reason));
      }),
    );
    check(reason !== undefined, "the group's signal should have been aborted, with a reason");
    same(await rejectionOf(task, "the handle"), reason);
  }),
  caseOf(
    "ME-1",
    "own-abort-error",
    "rejects the handle with the scope's reason if the member ended by an abort error of its own",
    {},
    async (trial) => {
      let task!: Task<void>;
      let reason: unknown;
      await rejectionOf(
        trial.api.taskGroup((group) => {
          task = group.createTask(async (scope) => {
            await trial.sleep(scope, 10).catch(() => {});
            reason = scope.signal.reason;
            throw Object.assign(new Error("aborted"), { name: "AbortError" });
          });
          group.createTask(() => Promise.reject(new Error("boom")));
        }),
      );
      same(await rejectionOf(task, "the handle"), reason);
    },
  ),
  caseOf(
    "ME-1",
    "result-cancelled",
    "throws the reason itself from result() of a cancelled task if it is a CancelledError",
    { needs: ["task.result", "group.cancel", "CancelledError"] },
    async (trial) => {
      let task!: Task<void>;
      let reason: unknown;
      await trial.api.taskGroup(async (group) => {
        task = group.createTask((scope) => trial.sleep(scope, 10));
        await trial.sleep(group, 1);
        group.cancel();
        reason = group.signal.reason;
      });
      instance(reason, trial.api.CancelledError, "the reason");
      same(
        thrownBy(() => task.result(), "result()"),
        reason,
      );
    },
  ),
  caseOf(
    "ME-1",
    "result-outside",
    "throws a CancelledError caused by the reason from result() of a task that was cancelled from outside",
    { needs: ["task.result", "option.signal", "CancelledError"] },
    async (trial) => {
      for (const stop of [new Error("stop"), null, "stop"]) {
        const outside = trial.controller();
        let task!: Task<void>;
        const block = trial.outcome(
          trial.api.taskGroup({ signal: outside.signal }, (group) => {
            task = group.createTask((scope) => trial.sleep(scope, 10));
          }),
        );
        await pause(1);
        outside.abort(stop);
        await block;
        const error = thrownBy(() => task.result(), "result()");
        instance(error, trial.api.CancelledError, "what result() throws");
        same(error.cause, stop, "its cause");
      }
    },
  ),
  caseOf(
    "ME-1",
    "settled-unfinished",
    "gives undefined from settled() until the end",
    { needs: ["task.settled"] },
    async (trial) => {
      const seen = await trial.api.taskGroup(async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 10));
        const pending = task.settled();
        await trial.sleep(group, 9);
        return [pending, task.settled()];
      });
      equal(seen, [undefined, undefined]);
    },
  ),
  caseOf(
    "ME-1",
    "settled",
    "tells from settled() how a task ended, also with falsy values and errors",
    { needs: ["task.settled", "option.failFast"] },
    async ({ api }) => {
      for (const value of FALSY) {
        const tasks: Task<unknown>[] = [];
        await rejectionOf(
          api.taskGroup({ failFast: false }, (group) => {
            tasks.push(
              group.createTask(() => value),
              group.createTask(() => Promise.reject(value)),
            );
          }),
        );
        equal(
          tasks.map((task) => task.settled()),
          [
            { status: "fulfilled", value },
            { status: "rejected", reason: value },
          ],
        );
      }
    },
  ),
  caseOf(
    "ME-1",
    "scope-not-thenable",
    "gives functions a scope that isn't thenable: it may be returned and awaited",
    {},
    async ({ api }) => {
      const seen = await api.taskGroup(async (group) => {
        const results: boolean[] = ["then" in group, (await throughPromise(group)) === group];
        await group.createTask(async (scope) => {
          results.push("then" in scope, (await throughPromise(scope)) === scope);
          return scope;
        });
        return results;
      });
      equal(seen, [false, true, false, true], "thenable, same after a promise: the group, then a member's scope");
    },
  ),
  caseOf("ME-1", "destructured-group", "lets everything on a group be used destructured", {}, async ({ api }) => {
    equal(await api.taskGroup(async ({ createTask, signal }) => [await createTask(() => 1), signal.aborted]), [
      1,
      false,
    ]);
  }),
  caseOf(
    "ME-1",
    "destructured-scope",
    "lets everything on a member's scope be used destructured",
    { needs: ["scope.sleep", "scope.isCancelled", "scope.abortable", "scope.taskGroup"] },
    async ({ api, clock }) => {
      const seen = await api.taskGroup(
        async (group) =>
          await group.createTask(async ({ signal, sleep, isCancelled, abortable, taskGroup }) => {
            await sleep(5);
            return [signal.aborted, isCancelled(), await abortable(Promise.resolve(1)), await taskGroup(() => 2)];
          }),
      );
      equal([seen, clock.now()], [[false, false, 1, 2], 5]);
    },
  ),
  caseOf(
    "ME-1",
    "returned-handle",
    "gives the member's value if the body returns its handle: a handle never travels through a promise",
    {},
    async ({ api }) => {
      equal(await api.taskGroup((group) => group.createTask(() => 7)), 7);
      equal(await api.taskGroup(async (group) => group.createTask(async () => 8)), 8);
    },
  ),
];
