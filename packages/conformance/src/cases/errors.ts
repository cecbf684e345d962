import type { BaseExceptionGroup, TaskGroupOptions } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

/** The group that comes out when members reject with these. */
function groupOf(
  { api }: Trial,
  thrown: readonly unknown[],
  options: TaskGroupOptions = {},
): Promise<BaseExceptionGroup> {
  const block = api.taskGroup(options, (group) => {
    for (const error of thrown) group.createTask(() => Promise.reject(error));
  });
  return failsWith(block, ...thrown);
}

export const errors: readonly Case[] = [
  caseOf("ER-1", "one", "throws a group even for one failure", {}, async (trial) => {
    await groupOf(trial, [new Error("boom")]);
  }),
  caseOf(
    "ER-1",
    "class",
    "throws an ExceptionGroup, for one failure and for several",
    { needs: ["ExceptionGroup"] },
    async (trial) => {
      instance(await groupOf(trial, [new Error("one")]), trial.api.ExceptionGroup);
      instance(await groupOf(trial, [new Error("one"), new Error("two")]), trial.api.ExceptionGroup);
    },
  ),
  caseOf("ER-1", "body", "throws a group for a body that fails alone", {}, async ({ api }) => {
    const boom = new Error("boom");
    await failsWith(
      api.taskGroup(() => Promise.reject(boom)),
      boom,
    );
  }),
  caseOf(
    "ER-1",
    "message",
    "says in the message which group failed and how many errors it holds",
    { needs: ["option.name"] },
    async (trial) => {
      const one = await groupOf(trial, [new Error("a")], { name: "fetch all" });
      equal(one.message, 'unhandled errors in TaskGroup "fetch all" (1 sub-exception)', "the message");
      const two = await groupOf(trial, [new Error("a"), new Error("b")], { name: "fetch all" });
      equal(two.message, 'unhandled errors in TaskGroup "fetch all" (2 sub-exceptions)', "the message");
    },
  ),
  caseOf("ER-1", "not-flattened", "flattens no groups within groups", {}, async (trial) => {
    const boom = new Error("boom");
    const outer = await groupFrom(
      trial.api.taskGroup((group) => {
        group.createTask((task) =>
          trial.nested(task, (middle: typeof group) =>
            trial.nested(middle, (inner: typeof group) => void inner.createTask(() => Promise.reject(boom))),
          ),
        );
      }),
    );
    const [middle] = outer.errors as readonly unknown[];
    instance(middle, AggregateError, "what the outermost group holds");
    const [inner] = middle.errors as readonly unknown[];
    instance(inner, AggregateError, "what the group in the middle holds");
    same(inner.errors[0], boom, "what the innermost group holds");
  }),
  caseOf(
    "ER-1",
    "only-error",
    "unwraps the one error of a group with onlyError, however deep it is",
    { needs: ["onlyError"] },
    async (trial) => {
      const boom = new Error("boom");
      const error = await groupFrom(
        trial.api.taskGroup((group) => {
          group.createTask((task) =>
            trial.nested(task, (inner: typeof group) => void inner.createTask(() => Promise.reject(boom))),
          );
        }),
      );
      same(trial.api.onlyError(error), boom);
    },
  ),
  caseOf(
    "ER-1",
    "only-error-several",
    "gives a group of several errors back from onlyError as it is",
    { needs: ["onlyError"] },
    async (trial) => {
      const error = await groupOf(trial, [new Error("a"), new Error("b")]);
      same(trial.api.onlyError(error), error);
    },
  ),

  caseOf(
    "ER-3",
    "member",
    "takes a falsy or other value that a member rejects with for a failure",
    {},
    async (trial) => {
      for (const thrown of [undefined, null, 0, -0, "", false, Number.NaN, "text", Symbol("s")]) {
        await failsWith(
          trial.api.taskGroup((group) => void group.createTask(() => Promise.reject(thrown))),
          thrown,
        );
      }
    },
  ),
  caseOf("ER-3", "body", "takes a falsy or other value that the body throws for a failure", {}, async ({ api }) => {
    for (const thrown of [undefined, null, 0, "", false, Number.NaN, "text"]) {
      const throwing = (): never => {
        throw thrown;
      };
      await failsWith(api.taskGroup(throwing), thrown);
      await failsWith(
        api.taskGroup(async () => throwing()),
        thrown,
      );
    }
  }),
  caseOf("ER-3", "cancels", "cancels the others for a falsy failure as for any other", {}, async (trial) => {
    const block = trial.api.taskGroup((group) => {
      group.createTask((task) => trial.sleep(task, 1000));
      group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(undefined)));
    });
    await failsWith(block, undefined);
    equal(trial.clock.now(), 10);
  }),
  caseOf("ER-3", "second", "collects a falsy failure that comes second", {}, async (trial) => {
    const boom = new Error("boom");
    const block = trial.api.taskGroup((group) => {
      group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(null)));
      group.createTask(() => Promise.reject(boom));
    });
    await failsWith(block, boom, null);
  }),

  caseOf(
    "ER-4",
    "beats-outside",
    "throws the group rather than the reason of an outside cancel, for a failure of the same instant",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 10);
          outside.abort(new Error("stop"));
          throw boom;
        });
      });
      await failsWith(block, boom);
    },
  ),
  caseOf(
    "ER-4",
    "outside-stays",
    "leaves the scope around it cancelled when the group wins over an outside cancel",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const [boom, stop] = [new Error("boom"), new Error("stop")] as const;
      let inner: unknown;
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        inner = await rejectionOf(
          trial.nested(group, (nested: typeof group) => {
            nested.createTask(async () => {
              await pause(10);
              outside.abort(stop);
              throw boom;
            });
          }),
        );
        await trial.sleep(group, 1);
      });
      same(await rejectionOf(block, "the block"), stop, "what the outer block rejects with");
      instance(inner, AggregateError, "what the inner block rejected with");
    },
  ),
  caseOf(
    "ER-4",
    "beats-deadline",
    "throws the group rather than the TimeoutError, which is then its cause",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(boom)));
      });
      const { cause } = await failsWith(block, boom);
      instance(cause, trial.api.TimeoutError, "its cause");
    },
  ),
  caseOf(
    "ER-4",
    "beats-fail-after",
    "throws the group rather than the TimeoutError of a failAfter around it",
    { needs: ["scope.taskGroup", "failAfter"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.failAfter(10, (scope) =>
        scope.taskGroup((group) => {
          group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(boom)));
        }),
      );
      await failsWith(block, boom);
    },
  ),
  caseOf(
    "ER-4",
    "late-failure",
    "throws the group for a failure that comes while it drains after group.cancel()",
    { needs: ["group.cancel"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup((group) => {
        group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(10).then(() => Promise.reject(boom))));
        void pause(1).then(() => group.cancel());
        return "value";
      });
      await failsWith(block, boom);
    },
  ),
];
