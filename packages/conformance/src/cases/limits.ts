import type { TaskGroup, TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";

/** Counts how many run at once. */
class Gauge {
  running = 0;
  most = 0;

  /** What a member does: it counts, for so many ms. */
  readonly work = (ms: number) => async (): Promise<void> => {
    this.most = Math.max(this.most, ++this.running);
    await pause(ms);
    this.running--;
  };
}

/** LI-1: at most so many at once. */
export const limits: readonly Case[] = [
  ...[1, 3, 100].map((limit) =>
    caseOf(
      "LI-1",
      `at-most-${limit}`,
      `with limit: ${limit} runs that many at once, and never more`,
      { needs: ["option.limit"] },
      async (trial) => {
        const gauge = new Gauge();
        await trial.api.taskGroup({ limit }, (group) => {
          for (let n = 0; n < 200; n++) group.createTask(gauge.work((n % 7) + 1));
        });
        equal([gauge.running, gauge.most], [0, limit], "how many run at the end, and ran at most");
      },
    ),
  ),

  caseOf(
    "LI-1",
    "infinity",
    "with limit: Infinity, or undefined, runs all at once",
    { needs: ["option.limit"] },
    async (trial) => {
      for (const limit of [Infinity, undefined]) {
        const gauge = new Gauge();
        await trial.api.taskGroup({ limit }, (group) => {
          for (let n = 0; n < 50; n++) group.createTask(gauge.work(1));
        });
        equal(gauge.most, 50, `how many ran with ${limit}`);
      }
    },
  ),

  caseOf(
    "LI-1",
    "fifo",
    "starts those that wait in the order of their creation, each as a slot becomes free",
    { needs: ["option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 2 }, (group) => {
        for (const [name, ms] of [["a", 30], ["b", 10], ["c", 10], ["d", 15], ["e", 1]] as const) {
          group.createTask(() => {
            trial.say(name);
            return pause(ms);
          });
        } // prettier-ignore
      });
      equal(trial.log, ["0 a", "0 b", "10 c", "20 d", "30 e"], "when each starts");
    },
  ),

  caseOf(
    "LI-1",
    "pending",
    "a member that waits for a slot is pending",
    { needs: ["option.limit", "task.state"] },
    async (trial) => {
      let states: unknown;
      await trial.api.taskGroup({ limit: 1 }, async (group) => {
        const tasks = [1, 2, 3].map(() => group.createTask(() => pause(10)));
        await pause(5);
        states = tasks.map(({ state }) => state);
      });
      equal(states, ["running", "pending", "pending"], "the states");
    },
  ),

  caseOf(
    "LI-1",
    "failing-never-starts",
    "a failing group never starts those that wait, and settles without them",
    { needs: ["option.limit"] },
    async (trial) => {
      const boom = new Error("boom");
      let ran = 0;
      const block = trial.api.taskGroup({ limit: 1 }, (group) => {
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        for (let n = 0; n < 50; n++) group.createTask(() => void ran++);
      });
      const errors = errorsOf(await rejectionOf(block, "the block"));
      check(errors.length === 1 && errors[0] === boom, "the failure alone should come out");
      equal([ran, trial.clock.now()], [0, 5], "the members that ran, and the time at the end");
    },
  ),

  caseOf(
    "LI-1",
    "cancelled-never-starts",
    "a group that is cancelled from outside never starts those that wait",
    { needs: ["option.limit", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      let ran = 0;
      const block = trial.api.taskGroup({ limit: 2, signal: outside.signal }, (group) => {
        for (let n = 0; n < 2; n++) group.createTask((member) => trial.sleep(member, 1000));
        for (let n = 0; n < 500; n++) group.createTask(() => void ran++);
        setTimeout(() => outside.abort(stop), 5);
      });
      same(await rejectionOf(block, "the block"), stop, "what the block rejects with");
      equal([ran, trial.clock.now()], [0, 5], "the members that ran, and the time at the end");
    },
  ),

  caseOf(
    "LI-1",
    "handles-of-the-unstarted",
    "awaiting a member that never got its slot rejects with the group's reason, whose cause is the failure",
    { needs: ["option.limit", "CancelledError"] },
    async (trial) => {
      const boom = new Error("boom");
      let reason: unknown;
      const block = trial.api.taskGroup({ limit: 1 }, async (group) => {
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        reason = await rejectionOf(
          group.createTask(() => {}),
          "the handle",
        );
      });
      await rejectionOf(block, "the block");
      instance(reason, trial.api.CancelledError, "what the handle rejects with");
      same(reason.cause, boom, "its cause");
    },
  ),

  caseOf(
    "LI-1",
    "each-end-frees",
    "gives the slot back however the member ends",
    { needs: ["option.limit", "option.onFailure", "option.signal"] },
    async (trial) => {
      const fns: ((member: TaskScope) => unknown)[] = [
        () => 7,
        () => {
          throw new Error("synchronous");
        },
        () => Promise.reject(undefined),
        () => pause(1),
        (member) => trial.nested(member, () => Promise.reject(new Error("inner"))),
      ];
      let ran = 0;
      await trial.api.taskGroup({ limit: 1, onFailure: () => {} }, (group) => {
        for (const fn of fns) {
          group.createTask((member) => {
            ran++;
            return fn(member);
          });
        }
        group.createTask(() => void ran++);
      });
      equal(ran, 6, "the members that ran");
    },
  ),

  caseOf(
    "LI-1",
    "no-thief",
    "an eager newcomer doesn't take the slot before those that wait",
    { needs: ["option.limit", "task option.eager"] },
    async (trial) => {
      const gauge = new Gauge();
      const then = (name: string) => () => {
        trial.say(name);
        return gauge.work(10)();
      };
      await trial.api.taskGroup({ limit: 1 }, (group: TaskGroup) => {
        const first = group.createTask(gauge.work(10));
        group.createTask(then("waiter"));
        void first.then(() => {
          group.createTask(then("thief"), { eager: true });
        });
      });
      equal([trial.log, gauge.most], [["10 waiter", "20 thief"], 1], "who starts when, and how many ran at most");
    },
  ),

  caseOf(
    "LI-1",
    "late-spawns",
    "holds the limit for members that members create",
    { needs: ["option.limit"] },
    async (trial) => {
      const gauge = new Gauge();
      let left = 40;
      await trial.api.taskGroup({ limit: 3 }, (group) => {
        const fork = async (): Promise<void> => {
          await gauge.work(1)();
          if (--left > 0) {
            group.createTask(fork);
            group.createTask(gauge.work(2));
          }
        };
        for (let n = 0; n < 3; n++) group.createTask(fork);
      });
      equal([gauge.running, gauge.most], [0, 3], "how many run at the end, and ran at most");
    },
  ),

  caseOf(
    "LI-1",
    "nested",
    "nested groups have limits of their own, whose members take no slot of the outer",
    { needs: ["option.limit", "option.signal"] },
    async (trial) => {
      const inner = new Gauge();
      await trial.api.taskGroup({ limit: 2 }, (group) => {
        for (let n = 0; n < 4; n++) {
          group.createTask((member) =>
            trial.nested(member, { limit: 3 }, (nested: TaskGroup) => {
              for (let m = 0; m < 5; m++) nested.createTask(inner.work(5));
            }),
          );
        }
      });
      equal(inner.most, 6, "how many ran at most");
    },
  ),

  caseOf(
    "LI-1",
    "until-the-end",
    "a member that ignores its cancellation keeps its slot while the group lives on",
    { needs: ["option.limit", "option.memberCancel", "task.cancel"] },
    async (trial) => {
      const gauge = new Gauge();
      await trial.api.taskGroup({ limit: 1, memberCancel: true }, async (group) => {
        const stubborn = group.createTask(gauge.work(50));
        group.createTask(gauge.work(1));
        await pause(5);
        stubborn.cancel();
      });
      equal([gauge.most, trial.clock.now()], [1, 51], "how many ran at most, and the time at the end");
    },
  ),

  ...(
    [
      ["0", 0],
      ["negative", -1],
      ["fraction", 1.5],
      ["NaN", Number.NaN],
      ["minus-Infinity", -Infinity],
    ] as const
  ).map(([name, limit]) =>
    caseOf(
      "LI-1",
      `refuses-${name}`,
      `limit: ${limit} is a RangeError, and the body isn't called`,
      { needs: ["option.limit"] },
      async (trial) => {
        let calls = 0;
        const block = trial.api.taskGroup({ limit }, () => void calls++);
        instance(await rejectionOf(block, "the block"), RangeError, "what it rejects with");
        equal(calls, 0, "the calls of the body");
      },
    ),
  ),

  caseOf(
    "LI-1",
    "refuses-no-number",
    "a limit that is no number is a TypeError, and the body isn't called",
    { needs: ["option.limit"] },
    async (trial) => {
      let calls = 0;
      for (const limit of ["3", null, 3n]) {
        const block = trial.api.taskGroup({ limit: limit as never }, () => void calls++);
        instance(await rejectionOf(block, "the block"), TypeError, "what it rejects with");
      }
      equal(calls, 0, "the calls of the body");
    },
  ),
];
