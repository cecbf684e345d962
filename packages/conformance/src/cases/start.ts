import type { TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import { pause } from "./pause.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

type Started<T> = (value: T) => void;

const NEEDS = ["group.start"] as const;

export const start: readonly Case[] = [
  caseOf(
    "ME-13",
    "resolves",
    "resolves start() with what the member passes to started(), and the member goes on",
    { needs: NEEDS },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        const port = await group.start(async (task, started: Started<number>) => {
          await trial.sleep(task, 10);
          started(8080);
          await trial.sleep(task, 40);
          trial.say("member ends");
        });
        trial.say(`started on ${port}`);
      });
      trial.say("block settles");
      equal(trial.log, ["10 started on 8080", "50 member ends", "50 block settles"]);
    },
  ),
  caseOf("ME-13", "falsy", "resolves start() with a falsy value as it is", { needs: NEEDS }, async ({ api }) => {
    for (const value of [undefined, null, 0, "", false]) {
      const got = await api.taskGroup((group) => group.start((_task, started: Started<unknown>) => started(value)));
      same(got, value);
    }
  }),
  caseOf("ME-13", "later", "starts the member later, not within start()", { needs: NEEDS }, async (trial) => {
    await trial.api.taskGroup(async (group) => {
      const starting = group.start((_task, started: Started<void>) => {
        trial.say("member");
        started();
      });
      trial.say("caller");
      await starting;
    });
    equal(trial.log, ["0 caller", "0 member"]);
  }),
  caseOf(
    "ME-13",
    "fails-before",
    "rejects start() with the bare error of a member that fails before started(), and goes on",
    { needs: NEEDS },
    async (trial) => {
      for (const thrown of [new Error("EADDRINUSE"), undefined, null, 0, ""]) {
        const seen = await trial.api.taskGroup(async (group) => {
          const starting = group.start((task) => trial.sleep(task, 1).then(() => Promise.reject(thrown)));
          const error = await rejectionOf(starting, "start()");
          return { error, isCancelled: trial.isCancelled(group) };
        });
        same(seen.error, thrown, "what start() rejects with");
        equal(seen.isCancelled, false, "whether the group was cancelled");
      }
    },
  ),
  caseOf(
    "ME-13",
    "throws-before",
    "rejects start() with what a member throws synchronously",
    { needs: NEEDS },
    async ({ api }) => {
      const boom = new Error("boom");
      const error = await api.taskGroup((group) =>
        rejectionOf(
          group.start(() => {
            throw boom;
          }),
          "start()",
        ),
      );
      same(error, boom);
    },
  ),
  caseOf(
    "ME-13",
    "second-try",
    "lets the caller try again after a start that failed",
    { needs: NEEDS },
    async (trial) => {
      const listen =
        (port: number) =>
        async (task: TaskScope, started: Started<number>): Promise<void> => {
          if (port === 80) throw new Error("EACCES");
          started(port);
          await trial.sleep(task, 10);
        };
      const port = await trial.api.taskGroup(async (group) => {
        try {
          return await group.start(listen(80));
        } catch {
          return await group.start(listen(8080));
        }
      });
      equal(port, 8080);
    },
  ),
  caseOf(
    "ME-13",
    "siblings-go-on",
    "cancels no sibling of a member that fails before started()",
    { needs: NEEDS },
    async (trial) => {
      const value = await trial.api.taskGroup(async (group) => {
        const sibling = group.createTask((task) => trial.sleep(task, 20).then(() => "sibling"));
        await rejectionOf(group.start(() => Promise.reject(new Error("no"))));
        return await sibling;
      });
      equal(value, "sibling");
    },
  ),
  caseOf(
    "ME-13",
    "uncaught",
    "takes a failure before started() that the body doesn't catch for the body's",
    { needs: [...NEEDS, "failures"] },
    async ({ api }) => {
      const no = new Error("no");
      const block = api.taskGroup(async (group) => {
        await group.start(() => Promise.reject(no));
      });
      const { failures } = await failsWith(block, no);
      equal(failures[0]?.task, undefined, "the task that failed");
    },
  ),
  caseOf("ME-13", "fails-after", "fails with a member that fails after started()", { needs: NEEDS }, async (trial) => {
    const crash = new Error("crash");
    const block = trial.api.taskGroup(async (group) => {
      await group.start(async (task, started: Started<void>) => {
        started();
        await trial.sleep(task, 10);
        throw crash;
      });
      await trial.sleep(group, 1000);
    });
    await failsWith(block, crash);
    equal(trial.clock.now(), 10);
  }),
  caseOf(
    "ME-13",
    "fails-in-step",
    "resolves start() of a member that throws in the step of started(), and fails with the error",
    { needs: NEEDS },
    async ({ api }) => {
      const down = new Error("down");
      let value: unknown;
      const block = api.taskGroup(async (group) => {
        value = await group.start((_task, started: Started<string>) => {
          started("up");
          throw down;
        });
      });
      await failsWith(block, down);
      equal(value, "up");
    },
  ),
  caseOf(
    "ME-13",
    "without-started",
    "rejects start() with a bare InvalidStateError if the member ends without started()",
    { needs: [...NEEDS, "InvalidStateError"] },
    async (trial) => {
      const seen = await trial.api.taskGroup(async (group) => ({
        error: await rejectionOf(
          group.start(() => "a value"),
          "start()",
        ),
        isCancelled: trial.isCancelled(group),
      }));
      instance(seen.error, trial.api.InvalidStateError, "what start() rejects with");
      equal(seen.isCancelled, false, "whether the group was cancelled");
    },
  ),
  caseOf(
    "ME-13",
    "twice",
    "throws an InvalidStateError into a member that calls started() twice",
    { needs: [...NEEDS, "InvalidStateError"] },
    async (trial) => {
      let value: unknown;
      const { errors } = await groupFrom(
        trial.api.taskGroup(async (group) => {
          value = await group.start((_task, started: Started<number>) => {
            started(1);
            started(2);
          });
        }),
      );
      equal([value, errors.length], [1, 1], "what start() gave, and the number of failures");
      instance(errors[0], trial.api.InvalidStateError, "the failure");
    },
  ),
  caseOf(
    "ME-13",
    "too-late",
    "throws an InvalidStateError from started() when the member has ended",
    { needs: [...NEEDS, "InvalidStateError"] },
    async ({ api }) => {
      let late!: Started<number>;
      await api.taskGroup((group) =>
        rejectionOf(
          group.start((_task, started: Started<number>) => {
            late = started;
          }),
        ),
      );
      instance(
        thrownBy(() => late(1), "started()"),
        api.InvalidStateError,
      );
    },
  ),
  caseOf(
    "ME-13",
    "cancelled",
    "rejects start() with the reason when it is cancelled",
    { needs: [...NEEDS, "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let error: unknown;
      const block = trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          error = await rejectionOf(
            group.start((task) => trial.sleep(task, 1000)),
            "start()",
          );
        }),
      );
      await pause(1);
      outside.abort(stop);
      await block;
      same(error, stop);
    },
  ),
  caseOf(
    "ME-13",
    "cancelled-queued",
    "rejects start() of a member that waits for a slot when it is cancelled, and never runs it",
    { needs: [...NEEDS, "option.signal", "option.limit"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let error: unknown;
      const block = trial.outcome(
        trial.api.taskGroup({ signal: outside.signal, limit: 1 }, async (group) => {
          group.createTask((task) => trial.sleep(task, 1000));
          error = await rejectionOf(
            group.start(() => trial.say("called")),
            "start()",
          );
        }),
      );
      await pause(1);
      outside.abort(stop);
      await block;
      same(error, stop);
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-13",
    "slot",
    "gives the member a slot in the order of creation",
    { needs: [...NEEDS, "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1 }, async (group) => {
        const work =
          (name: string) =>
          async (task: TaskScope, started?: Started<void>): Promise<void> => {
            trial.say(name);
            await trial.sleep(task, 5);
            started?.();
            await trial.sleep(task, 5);
          };
        group.createTask(work("a"));
        const starting = group.start(work("b"));
        group.createTask(work("c"));
        await starting;
        trial.say("started");
      });
      equal(trial.log, ["0 a", "10 b", "15 started", "20 c"]);
    },
  ),
  caseOf(
    "ME-13",
    "background",
    "keeps no group open for a member that was started in the background",
    { needs: [...NEEDS, "task option.background"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        await group.start(
          async (task, started: Started<void>) => {
            await trial.sleep(task, 10);
            started();
            await trial.sleep(task, 1000);
          },
          { background: true },
        );
      });
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "ME-13",
    "policy",
    "tells onFailure nothing of a failure before started()",
    { needs: [...NEEDS, "option.onFailure"] },
    async (trial) => {
      const no = new Error("no");
      await trial.api.taskGroup({ onFailure: () => trial.say("told") }, async (group) => {
        await rejectionOf(group.start(() => Promise.reject(no)));
      });
      equal(trial.log, []);
    },
  ),
  caseOf(
    "ME-13",
    "unawaited-failure",
    "raises an unhandled rejection for a failure before started() that nobody waits for",
    { needs: [...NEEDS, "unhandled rejections"] },
    async (trial) => {
      const no = new Error("no");
      await trial.api.taskGroup((group) => void group.start(() => Promise.reject(no)));
      const unhandled = await trial.takeUnhandled();
      equal(unhandled.length, 1, "the number of unhandled rejections");
      same(unhandled[0], no, "the unhandled rejection");
    },
  ),
];
