import type { BaseExceptionGroup, Task } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

/** Who ended with each error: the task that is named, and the others. */
const whoFailed = ({ failures }: BaseExceptionGroup): unknown =>
  failures.map(({ task, also }) => [task?.name, ...also.map(({ name }) => name)]);

const NAMED = ["failures", "task option.name"] as const;

export const awaiting: readonly Case[] = [
  caseOf("ME-9", "own-value", "gives a member's own value to everybody who awaits it", {}, async (trial) => {
    const values = await trial.api.taskGroup(async (group) => {
      const task = group.createTask((scope) => trial.sleep(scope, 10).then(() => "value"));
      const sibling = group.createTask(() => task.then((value) => `sibling got ${value}`));
      return [await task, await sibling];
    });
    equal(values, ["value", "sibling got value"]);
  }),
  caseOf(
    "ME-9",
    "own-error",
    "gives a member's own error to whoever awaits it, not the cancellation that it causes",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const seen: unknown[] = [];
      const block = trial.api.taskGroup(async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 10).then(() => Promise.reject(boom)));
        group.createTask(async () => void seen.push(await rejectionOf(task)));
        seen.push(await rejectionOf(task));
      });
      await failsWith(block, boom);
      equal(
        seen.map((error) => error === boom),
        [true, true],
        "whether both had the very error",
      );
    },
  ),
  caseOf(
    "ME-9",
    "caught-error",
    "fails all the same if the body catches what its member failed with",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup(async (group) => {
        await trial.outcome(group.createTask(() => Promise.reject(boom)));
        return "value";
      });
      await failsWith(block, boom);
    },
  ),
  caseOf(
    "ME-9",
    "rethrown",
    "holds an error once that a member failed with and the body threw again",
    {},
    async ({ api }) => {
      const boom = new Error("boom");
      const block = api.taskGroup(async (group) => {
        await group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom);
    },
  ),
  caseOf("ME-9", "shared", "holds an error once that ten members ended with", {}, async ({ api }) => {
    const lost = new Error("connection lost");
    const connection = Promise.reject(lost);
    const block = api.taskGroup((group) => {
      for (let n = 0; n < 10; n++) group.createTask(async () => await connection);
    });
    await failsWith(block, lost);
  }),
  caseOf("ME-9", "frozen", "holds a frozen object once that a member and the body threw", {}, async (trial) => {
    const thrown = Object.freeze({ plain: "object" });
    const block = trial.api.taskGroup(async (group) => {
      group.createTask(() => Promise.reject(thrown));
      await trial.sleep(group, 10).catch(() => {});
      throw thrown;
    });
    await failsWith(block, thrown);
  }),
  caseOf(
    "ME-9",
    "cleanup",
    "holds an error once that a member and a cleanup threw",
    { needs: ["group.defer"] },
    async ({ api }) => {
      const boom = new Error("boom");
      const block = api.taskGroup((group) => {
        group.defer(() => Promise.reject(boom));
        group.createTask(() => Promise.reject(boom));
      });
      await failsWith(block, boom);
    },
  ),
  caseOf(
    "ME-9",
    "also",
    "names the first task that ended with an error, and lists the others in `also`",
    { needs: [...NAMED, "option.failFast"] },
    async ({ api }) => {
      const boom = new Error("boom");
      const block = api.taskGroup({ failFast: false }, (group) => {
        for (const name of ["a", "b", "c"]) group.createTask(() => Promise.reject(boom), { name });
      });
      equal(whoFailed(await failsWith(block, boom)), [["a", "b", "c"]]);
    },
  ),
  caseOf(
    "ME-9",
    "equal-errors",
    "holds equal but distinct errors each on its own",
    { needs: ["option.failFast"] },
    async ({ api }) => {
      const errors = [new Error("same text"), new Error("same text")] as const;
      const block = api.taskGroup({ failFast: false }, (group) => {
        for (const error of errors) group.createTask(() => Promise.reject(error));
      });
      await failsWith(block, ...errors);
    },
  ),
  caseOf(
    "ME-9",
    "primitives",
    "holds primitives that several members threw each on its own",
    { needs: ["option.failFast"] },
    async ({ api }) => {
      for (const thrown of ["timeout", "", 0, null, undefined, Number.NaN]) {
        const block = api.taskGroup({ failFast: false }, (group) => {
          for (let n = 0; n < 2; n++) group.createTask(() => Promise.reject(thrown));
        });
        await failsWith(block, thrown, thrown);
      }
    },
  ),
  caseOf(
    "ME-9",
    "awaited-primitive",
    "holds a primitive once that a sibling and the body had from awaiting the member",
    { needs: NAMED },
    async ({ api }) => {
      const block = api.taskGroup(async (group) => {
        const bad = group.createTask(() => Promise.reject("timeout"), { name: "bad" });
        group.createTask(async () => await bad, { name: "sibling" });
        await bad;
      });
      equal(whoFailed(await failsWith(block, "timeout")), [["bad", "sibling"]]);
    },
  ),
  caseOf(
    "ME-9",
    "own-primitive",
    "holds a primitive twice that the body threw without having awaited the member",
    {},
    async (trial) => {
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(() => Promise.reject("timeout"));
        await trial.sleep(group, 10).catch(() => {});
        throw "timeout";
      });
      await failsWith(block, "timeout", "timeout");
    },
  ),

  caseOf(
    "ME-11",
    "member",
    "takes the cancellation of somebody else's task for a failure of the member that it reaches",
    { needs: ["group.cancel"] },
    async (trial) => {
      let reason: unknown;
      const block = trial.api.taskGroup(async (group) => {
        let other!: Task<void>;
        await trial.api.taskGroup((stranger) => {
          other = stranger.createTask((task) => trial.sleep(task, 1000));
          stranger.cancel();
        });
        reason = await rejectionOf(other);
        group.createTask(async () => await other);
      });
      const { errors } = await groupFrom(block);
      equal(errors.length, 1, "the number of failures");
      same(errors[0], reason, "the failure");
    },
  ),
  caseOf(
    "ME-11",
    "body",
    "takes the cancellation of a member that was cancelled alone for a failure of the body that awaited it",
    { needs: ["option.memberCancel", "task.cancel"] },
    async (trial) => {
      const block = trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 1000));
        group.createTask((scope) => trial.sleep(scope, 1000));
        await trial.sleep(group, 1);
        task.cancel();
        await task;
      });
      equal([(await groupFrom(block)).errors.length, trial.clock.now()], [1, 1], "failures, and when it settled");
    },
  ),
  caseOf(
    "ME-11",
    "cancelled-error",
    "takes a CancelledError that nobody's cancellation explains for a failure",
    { needs: ["CancelledError"] },
    async ({ api }) => {
      const ghost = new api.CancelledError("nobody asked");
      await failsWith(
        api.taskGroup((group) => void group.createTask(() => Promise.reject(ghost))),
        ghost,
      );
      await failsWith(
        api.taskGroup(() => Promise.reject(ghost)),
        ghost,
      );
    },
  ),
  caseOf(
    "ME-11",
    "abort-error",
    "takes an AbortError that nobody's cancellation explains for a failure",
    {},
    async ({ api }) => {
      const controller = new AbortController();
      controller.abort();
      const { reason } = controller.signal as { readonly reason: unknown };
      instance(reason, Error, "the host's abort reason");
      await failsWith(
        api.taskGroup((group) => void group.createTask(() => Promise.reject(reason))),
        reason,
      );
    },
  ),
];
