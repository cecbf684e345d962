import type { TaskGroup, TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same, thrownBy } from "../check.ts";
import { pause } from "./pause.ts";

/** CA-1 and CA-5: the tree, and what stays. */
export const cancellation: readonly Case[] = [
  caseOf(
    "CA-1",
    "subtree",
    "cancels everything under a cancelled scope",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let states: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.createTask((member) =>
            trial.nested(member, (inner: TaskGroup) => {
              inner.createTask(async (deepest) => {
                await trial.sleep(deepest, 5);
                outside.abort(new Error("stop"));
                states = [group, member, inner, deepest].map((scope) => trial.isCancelled(scope));
              });
            }),
          );
        }),
      );
      equal(states, [true, true, true, true], "whether group, member, inner group and inner member are cancelled");
    },
  ),

  caseOf(
    "CA-1",
    "beside",
    "leaves what is beside and above a cancelled scope alone",
    { needs: ["group.cancel", "option.signal"] },
    async (trial) => {
      let states: unknown;
      await trial.api.taskGroup((outer) => {
        const beside = outer.createTask((member) => trial.sleep(member, 20).then(() => trial.isCancelled(member)));
        outer.createTask(async (member) => {
          await trial.nested(member, async (inner: TaskGroup) => {
            inner.createTask((deepest) => trial.sleep(deepest, 1000));
            await trial.sleep(inner, 5);
            inner.cancel();
          });
          states = [await beside, trial.isCancelled(member), trial.isCancelled(outer)];
        });
      });
      equal(states, [false, false, false], "whether the sibling, the member and the outer group are cancelled");
      equal(trial.clock.now(), 20, "the time at the end");
    },
  ),

  caseOf("CA-1", "stays-cancelled", "a cancelled scope stays cancelled", {}, async (trial) => {
    const seen: boolean[] = [];
    const failing = trial.api.taskGroup((group) => {
      group.createTask(async (member) => {
        await trial.sleep(member, 1000).catch(() => {});
        for (let n = 0; n < 3; n++) {
          seen.push(trial.isCancelled(member));
          await pause(10);
        }
      });
      group.createTask(() => Promise.reject(new Error("boom")));
    });
    await rejectionOf(failing, "the block");
    equal(seen, [true, true, true], "whether the scope is cancelled, at each look");
  }),

  caseOf(
    "CA-1",
    "every-wait-fails",
    "each wait of a member that swallows its cancellation fails",
    {},
    async (trial) => {
      let failed = 0;
      const failing = trial.api.taskGroup((group) => {
        group.createTask(async (member) => {
          for (let n = 0; n < 5; n++) await trial.sleep(member, 1000).catch(() => void failed++);
        });
        group.createTask(async (member) => {
          await trial.sleep(member, 5);
          throw new Error("boom");
        });
      });
      await rejectionOf(failing, "the block");
      equal([failed, trial.clock.now()], [5, 5], "the waits that failed, and the time at the end");
    },
  ),

  caseOf(
    "CA-1",
    "same-reason-each-time",
    "each wait in a cancelled scope fails with the scope's one reason",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const reasons: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          for (let n = 0; n < 3; n++) reasons.push(await rejectionOf(trial.sleep(group, 1), "a wait"));
        }),
      );
      for (const reason of reasons) same(reason, stop, "the reason");
      equal(reasons.length, 3, "the waits that failed");
    },
  ),

  caseOf(
    "CA-1",
    "sleep-of-nothing-fails",
    "even a sleep of 0 ms fails in a cancelled scope",
    { needs: ["scope.sleep", "group.cancel"] },
    async (trial) => {
      let hasSlept = false;
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await group.sleep(0);
        hasSlept = true;
      });
      check(!hasSlept, "the wait should fail");
    },
  ),

  caseOf(
    "CA-1",
    "abortable-fails",
    "abortable() fails in a cancelled scope, though its promise has settled long ago",
    { needs: ["scope.abortable", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let reason: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          reason = await rejectionOf(group.abortable(Promise.resolve(1)), "the wait");
        }),
      );
      same(reason, stop, "what the wait rejects with");
    },
  ),

  caseOf(
    "CA-1",
    "throw-if-cancelled",
    "throwIfCancelled() throws the reason, and nothing before",
    { needs: ["scope.throwIfCancelled", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let thrown: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.throwIfCancelled();
          outside.abort(null);
          thrown = thrownBy(() => group.throwIfCancelled(), "throwIfCancelled()");
        }),
      );
      same(thrown, null, "what is thrown");
    },
  ),

  caseOf(
    "CA-1",
    "born-cancelled",
    "a group that is opened in a cancelled scope is cancelled from the start",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let isBornCancelled = false;
      let hasRun = false;
      let error: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          const opened = trial.nested(group, async (inner: TaskGroup) => {
            isBornCancelled = trial.isCancelled(inner);
            inner.createTask(() => void (hasRun = true));
            await trial.sleep(inner, 1);
          });
          error = await rejectionOf(opened, "the inner block");
        }),
      );
      same(error, stop, "what the inner block rejects with");
      equal([isBornCancelled, hasRun], [true, false], "whether it is cancelled, and whether its member ran");
    },
  ),

  caseOf(
    "CA-1",
    "deep",
    "cancels 10,000 groups, each in the other, without overflowing the stack",
    { needs: ["scope.taskGroup", "scope.sleep", "option.signal"], level: "SHOULD" },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let ended = 0;
      const open = async (scope: TaskGroup, depth: number): Promise<void> => {
        // On a stack of its own: it is the implementation's that is looked at.
        await Promise.resolve();
        try {
          await (depth === 0 ? scope.sleep(1000) : scope.taskGroup((inner) => open(inner, depth - 1)));
        } finally {
          ended++;
        }
      };
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        setTimeout(() => outside.abort(stop), 5);
        return open(group, 10_000);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal(ended, 10_001, "the bodies that ended");
    },
  ),

  caseOf(
    "CA-5",
    "first-reason-stays",
    "an outside cancellation after a failure doesn't change the reason",
    { needs: ["option.signal", "scope.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const reasons: unknown[] = [];
      const block = trial.api.taskGroup({ signal: outside.signal }, (group) => {
        group.createTask(async (member) => {
          await trial.sleep(member, 1000).catch((reason: unknown) => reasons.push(reason, member.signal.reason));
          outside.abort(new Error("stop"));
          await pause(10);
          reasons.push(member.signal.reason, group.signal.reason);
        });
        group.createTask(() => Promise.reject(new Error("boom")));
      });
      await rejectionOf(block, "the block");
      equal(reasons.length, 4, "the looks at the reason");
      for (const reason of reasons) same(reason, reasons[0], "the reason");
    },
  ),

  caseOf(
    "CA-5",
    "second-failure",
    "a second failure during the drain doesn't change the reason",
    { needs: ["scope.signal"] },
    async (trial) => {
      const reasons: unknown[] = [];
      const block = trial.api.taskGroup((group) => {
        group.createTask(async (member) => {
          await trial.sleep(member, 1000).catch((reason: unknown) => reasons.push(reason));
          await pause(10);
          reasons.push(member.signal.reason);
        });
        group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(new Error("second"))));
        group.createTask(() => Promise.reject(new Error("first")));
      });
      await rejectionOf(block, "the block");
      equal(reasons.length, 2, "the looks at the reason");
      same(reasons[1], reasons[0], "the reason after the second failure");
    },
  ),

  caseOf(
    "CA-5",
    "cancel-twice",
    "of two cancel(reason) the first one's reason stays, before the outside's too",
    { needs: ["group.cancel", "option.signal", "scope.signal", "CancelledError"] },
    async (trial) => {
      const outside = trial.controller();
      const causes: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          const { signal } = group;
          for (const next of [() => group.cancel("one"), () => group.cancel("two"), () => outside.abort("three")]) {
            next();
            causes.push((signal.reason as Error).cause);
          }
        }),
      );
      equal(causes, ["one", "one", "one"], "the cause of the reason, after each");
    },
  ),

  caseOf(
    "CA-5",
    "scope-reason",
    "scope.reason stays what it was when the outside cancels too",
    { needs: ["group.cancel", "option.signal", "scope.reason"] },
    async (trial) => {
      const outside = trial.controller();
      const reasons: unknown[] = [];
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.cancel("one");
          reasons.push(group.reason);
          outside.abort("two");
          reasons.push(group.reason);
        }),
      );
      equal(reasons.length, 2, "the looks at the reason");
      same(reasons[1], reasons[0], "the reason after the second");
    },
  ),

  caseOf(
    "CA-5",
    "deadline-during-drain",
    "a deadline that passes during the drain doesn't change the reason",
    { needs: ["option.timeout", "scope.signal"] },
    async (trial) => {
      const reasons: unknown[] = [];
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask(async (member: TaskScope) => {
          await trial.sleep(member, 1000).catch((reason: unknown) => reasons.push(reason));
          await pause(50);
          reasons.push(member.signal.reason);
        });
        group.createTask(() => Promise.reject(new Error("boom")));
      });
      await rejectionOf(block, "the block");
      equal(reasons.length, 2, "the looks at the reason");
      same(reasons[1], reasons[0], "the reason after the deadline");
    },
  ),

  caseOf(
    "CA-5",
    "told-once",
    "abort listeners are called once, however often the group is cancelled",
    { needs: ["group.cancel", "option.signal", "scope.signal"] },
    async (trial) => {
      const outside = trial.controller();
      let told = 0;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, (group) => {
          group.createTask(async ({ signal }) => {
            signal.addEventListener("abort", () => void told++);
            await pause(1);
            group.cancel();
            outside.abort();
            group.cancel();
            await pause(1);
          });
        }),
      );
      equal(told, 1, "the calls");
    },
  ),
];
