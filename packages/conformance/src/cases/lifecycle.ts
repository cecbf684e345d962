import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, contains, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

/** Runs a group to its end, whatever that is, and gives the group. */
async function finishedGroup(trial: Trial, body: (group: TaskGroup) => unknown): Promise<TaskGroup> {
  let group!: TaskGroup;
  await trial.outcome(
    trial.api.taskGroup((scope) => {
      group = scope;
      return body(scope);
    }),
  );
  return group;
}

/** Fails unless `createTask` throws and the function is never called, whatever the options. */
async function refusesNewcomers(trial: Trial, group: TaskGroup): Promise<unknown> {
  let calls = 0;
  const error = thrownBy(() => group.createTask(() => void calls++), "createTask of a finished group");
  await trial.clock.settle();
  equal(calls, 0, "how often the function was called");
  return error;
}

function isFinished(group: TaskGroup): boolean {
  try {
    group.createTask(() => {});
    return false;
  } catch {
    return true;
  }
}

/**
 * Opens a group that waits for one promise alone, and asks in a continuation of that promise, attached later than the
 * group's own, whether the group is finished.
 */
async function isFinishedRightAfter(
  trial: Trial,
  body: (group: TaskGroup, last: Promise<void>) => unknown,
): Promise<void> {
  const last = trial.deferred();
  let group!: TaskGroup;
  const block = trial.api.taskGroup((scope) => {
    group = scope;
    return body(scope, last.promise);
  });
  await trial.clock.settle();
  const seen = last.promise.then(() => isFinished(group));
  last.resolve();
  check(await seen, "the group should be finished by then");
  await block;
}

export const lifecycle: readonly Case[] = [
  caseOf("LC-1", "body-value", "settles with the value of the body", {}, async ({ api }) => {
    equal(await api.taskGroup(() => 42), 42);
  }),
  caseOf("LC-1", "async-body", "waits for an async body and settles with what it gives", {}, async (trial) => {
    const value = await trial.api.taskGroup(async (group) => {
      await trial.sleep(group, 30);
      return "late";
    });
    equal([value, trial.clock.now()], ["late", 30]);
  }),
  caseOf("LC-1", "thenable-body", "follows a thenable that the body returns", {}, async ({ api }) => {
    const thenable: PromiseLike<string> = { then: (ok, no) => Promise.resolve("followed").then(ok, no) };
    equal(await api.taskGroup(() => thenable), "followed");
  }),
  caseOf("LC-1", "falsy-value", "settles with a falsy value of the body as it is", {}, async ({ api }) => {
    for (const value of [undefined, null, 0, -0, "", false, Number.NaN, 0n]) {
      same(await api.taskGroup(() => value), value);
      same(await api.taskGroup(async () => value), value);
    }
  }),
  caseOf("LC-1", "options-first", "takes options before the body", {}, async ({ api }) => {
    equal(await api.taskGroup({}, () => "with options"), "with options");
  }),
  caseOf("LC-1", "waits-for-members", "settles only after every member has settled", {}, async (trial) => {
    const value = await trial.api.taskGroup((group) => {
      for (const ms of [20, 40, 10]) {
        group.createTask(async (task) => {
          await trial.sleep(task, ms);
          trial.say("member ends");
        });
      }
      trial.say("body ends");
      return "value";
    });
    trial.say(`block gave ${value}`);
    equal(trial.log, ["0 body ends", "10 member ends", "20 member ends", "40 member ends", "40 block gave value"]);
  }),
  caseOf("LC-1", "waits-for-body", "waits for a body that outlives its members", {}, async (trial) => {
    await trial.api.taskGroup(async (group) => {
      group.createTask((task) => trial.sleep(task, 10));
      await trial.sleep(group, 50);
    });
    equal(trial.clock.now(), 50, "when the block settled");
  }),
  caseOf("LC-1", "members-of-later", "takes members that the body creates after an await", {}, async (trial) => {
    const values = await trial.api.taskGroup(async (group) => {
      const early = group.createTask(() => 1);
      await trial.sleep(group, 10);
      const late = group.createTask(() => 2);
      return [await early, await late];
    });
    equal(values, [1, 2]);
  }),
  caseOf("LC-1", "never-synchronous", "gives a promise that never settles synchronously", {}, async ({ api }) => {
    const order: string[] = [];
    const block = api.taskGroup(() => void order.push("body"));
    instance(block, Promise, "what taskGroup returns");
    const seen = block.then(() => order.push("settled"));
    order.push("after the call");
    await seen;
    equal(order, ["body", "after the call", "settled"]);
  }),
  caseOf(
    "LC-1",
    "sync-throw-rejects",
    "rejects, and never throws, if the body throws synchronously",
    {},
    async ({ api }) => {
      const boom = new Error("boom");
      const throwing = (): never => {
        throw boom;
      };
      await failsWith(api.taskGroup(throwing), boom);
    },
  ),
  caseOf("LC-1", "bad-body", "rejects with a TypeError if the body is no function", {}, async ({ api }) => {
    for (const body of [undefined, null, 5, "body", {}]) {
      instance(await rejectionOf(api.taskGroup({}, body as never)), TypeError);
    }
  }),
  caseOf("LC-1", "bad-function", "throws a TypeError from createTask for what is no function", {}, async ({ api }) => {
    const value = await api.taskGroup((group) => {
      const error = thrownBy(() => group.createTask(5 as never), "createTask(5)");
      return error instanceof TypeError;
    });
    equal(value, true, "whether it threw a TypeError");
  }),
  caseOf(
    "LC-1",
    "settles-with-member",
    "is finished in a continuation that was attached later than its own to the last member's promise",
    {},
    (trial) => isFinishedRightAfter(trial, (group, last) => void group.createTask(() => last)),
  ),
  caseOf(
    "LC-1",
    "settles-with-body",
    "is finished in a continuation that was attached later than its own to the body's promise",
    {},
    (trial) => isFinishedRightAfter(trial, (_group, last) => last),
  ),
  caseOf(
    "LC-1",
    "settles-with-cleanup",
    "is finished in a continuation that was attached later than its own to the last cleanup's promise",
    { needs: ["group.defer"] },
    (trial) => isFinishedRightAfter(trial, (group, last) => group.defer(() => last)),
  ),
  caseOf(
    "LC-1",
    "settles-soon",
    "has settled 50 microtasks after its last member has ended: it waits for no turn of the event loop",
    {},
    async (trial) => {
      const last = trial.deferred();
      let hasSettled = false;
      const block = trial.api
        .taskGroup((group) => void group.createTask(() => last.promise))
        .then(() => void (hasSettled = true));
      await trial.clock.settle();
      last.resolve();
      for (let n = 0; n < 50; n++) await Promise.resolve();
      check(hasSettled, "the block should have settled by then");
      await block;
    },
  ),
  caseOf(
    "LC-1",
    "settles-with-handle",
    "is finished when a continuation of its last member's handle runs",
    {},
    async (trial) => {
      let seen!: Promise<boolean>;
      await trial.api.taskGroup((group) => {
        const task = group.createTask((scope) => trial.sleep(scope, 5));
        seen = task.then(() => isFinished(group));
      });
      check(await seen, "the group should be finished by then");
    },
  ),

  caseOf(
    "LC-2",
    "after-value",
    "throws from createTask once it has finished, and never calls the function",
    {},
    async (trial) => {
      await refusesNewcomers(trial, await finishedGroup(trial, () => 1));
    },
  ),
  caseOf("LC-2", "after-failure", "stays finished after a failure: createTask throws", {}, async (trial) => {
    const failing = (group: TaskGroup): void => void group.createTask(() => Promise.reject(new Error("boom")));
    await refusesNewcomers(trial, await finishedGroup(trial, failing));
  }),
  caseOf(
    "LC-2",
    "after-cancel",
    "stays finished after group.cancel(): createTask throws",
    { needs: ["group.cancel"] },
    async (trial) => {
      await refusesNewcomers(trial, await finishedGroup(trial, (group) => group.cancel()));
    },
  ),
  caseOf(
    "LC-2",
    "invalid-state",
    "throws an InvalidStateError that says that the group is finished",
    { needs: ["InvalidStateError"] },
    async (trial) => {
      const error = await refusesNewcomers(trial, await finishedGroup(trial, () => 1));
      instance(error, trial.api.InvalidStateError, "what createTask throws");
      contains(error.message, "is finished", "its message");
    },
  ),
  caseOf(
    "LC-2",
    "eager",
    "calls no eager function once it has finished",
    { needs: ["task option.eager"] },
    async (trial) => {
      const group = await finishedGroup(trial, () => 1);
      let calls = 0;
      thrownBy(() => group.createTask(() => void calls++, { eager: true }), "createTask of a finished group");
      equal(calls, 0, "how often the function was called");
    },
  ),
  caseOf(
    "LC-2",
    "start",
    "rejects from start() once it has finished, and never calls the function",
    { needs: ["group.start"] },
    async (trial) => {
      const group = await finishedGroup(trial, () => 1);
      let calls = 0;
      await rejectionOf(
        group.start(() => void calls++),
        "start() of a finished group",
      );
      equal(calls, 0, "how often the function was called");
    },
  ),

  caseOf(
    "LC-3",
    "member-adds",
    "takes members that a member adds after the body has returned, and waits for them",
    {},
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(async (member) => {
          await trial.sleep(member, 10);
          group.createTask(async (child) => {
            await trial.sleep(child, 20);
            group.createTask(async (grandchild) => {
              await trial.sleep(grandchild, 30);
              trial.say("grandchild ends");
            });
          });
        });
      });
      trial.say("block settles");
      equal(trial.log, ["60 grandchild ends", "60 block settles"]);
    },
  ),
  caseOf("LC-3", "anyone-adds", "takes members from anyone who holds it, while a member lives", {}, async (trial) => {
    let group!: TaskGroup;
    const block = trial.api.taskGroup((scope) => {
      group = scope;
      scope.createTask((task) => trial.sleep(task, 20));
    });
    await pause(10);
    group.createTask(async (task) => {
      await trial.sleep(task, 90);
      trial.say("newcomer ends");
    });
    await block;
    trial.say("block settles");
    equal(trial.log, ["100 newcomer ends", "100 block settles"]);
  }),
  caseOf("LC-3", "last-step", "waits for a member that the last step of the last member adds", {}, async (trial) => {
    await trial.api.taskGroup((group) => {
      group.createTask(() => {
        group.createTask((task) => trial.sleep(task, 7));
      });
    });
    equal(trial.clock.now(), 7, "when the block settled");
  }),
  caseOf(
    "LC-3",
    "newcomer-fails",
    "fails with the error of a member that came after the body had returned",
    {},
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup((group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 10);
          group.createTask(() => Promise.reject(boom));
        });
      });
      await failsWith(block, boom);
    },
  ),
  caseOf("LC-3", "forks", "stops members that add members without end when one fails", {}, async (trial) => {
    const boom = new Error("boom");
    let forks = 0;
    const block = trial.api.taskGroup((group) => {
      const fork = async (task: { readonly signal: AbortSignal }): Promise<void> => {
        if (++forks > 1000) return; // somebody doesn't stop them
        await trial.sleep(task, 1);
        group.createTask(fork);
        group.createTask(fork);
        await trial.sleep(task, 1000);
      };
      group.createTask(fork);
      group.createTask(async (task) => {
        await trial.sleep(task, 5.5);
        throw boom;
      });
    });
    await failsWith(block, boom);
    equal([forks, trial.clock.now()], [63, 5.5], "how many forks there were, and when the block settled");
  }),
];
